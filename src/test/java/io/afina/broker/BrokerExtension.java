package io.afina.broker;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives an {@link TestBroker} to every test that takes one as a parameter: the same one for all
 * tests of the JVM, started for the first and closed after the last. Tests keep out of each other's
 * way by their own topic, group and transaction names.
 */
public final class BrokerExtension implements ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(BrokerExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestBroker.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(TestBroker.class, type -> TestBroker.startFresh(), TestBroker.class);
  }
}
