package io.afina.broker;

import org.testcontainers.DockerClientFactory;

/**
 * A broker for a test, with the settings of {@link EmbeddedBroker}: in a container where there is a
 * Docker engine, in this JVM elsewhere. {@code -Dafina.broker=embedded} asks for no engine.
 */
public interface TestBroker extends AutoCloseable {

  /** Where clients find it: {@code host:port}. */
  String bootstrapServers();

  /** Gives it back. */
  @Override
  void close();

  /**
   * Gives one without any data. It is the same broker for one test after the other, emptied in
   * between, for starting one takes seconds; who needs two at once gets a second one.
   */
  static TestBroker startFresh() {
    return SharedBroker.take();
  }

  /** Starts one for a test that needs it to be gone once it is closed. */
  static TestBroker startAlone() {
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
