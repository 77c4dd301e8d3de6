package io.afina.broker;

import org.testcontainers.DockerClientFactory;

/**
 * A broker of a test's own, with the settings of {@link EmbeddedBroker}: in a container where there
 * is a Docker engine, in this JVM elsewhere. {@code -Dafina.broker=embedded} asks for no engine.
 */
public interface TestBroker extends AutoCloseable {

  /** Where clients find it: {@code host:port}. */
  String bootstrapServers();

  @Override
  void close();

  /** Starts one without any data. */
  static TestBroker startFresh() {
    if (inContainers()) {
      return ContainerBroker.startFresh();
    }
    EmbeddedBroker broker = EmbeddedBroker.startFresh();
    return new TestBroker() {
      @Override
      public String bootstrapServers() {
        return broker.bootstrapServers();
      }

      @Override
      public void close() {
        broker.close();
      }
    };
  }

  /**
   * Whether brokers are containers.
   *
   * @throws IllegalStateException when they must be, because this is CI, and there is no engine
   */
  static boolean inContainers() {
    if (System.getProperty("afina.broker", "").equals("embedded")) {
      return false;
    }
    boolean found = DockerClientFactory.instance().isDockerAvailable();
    if (!found && "true".equals(System.getenv("CI"))) {
      throw new IllegalStateException(
          "CI runs these tests on containers, and no Docker engine answers");
    }
    return found;
  }
}
