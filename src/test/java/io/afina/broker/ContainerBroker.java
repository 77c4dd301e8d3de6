package io.afina.broker;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** A broker in a container, which can be away for a time. */
public final class ContainerBroker implements TestBroker {

  /** Testcontainers arranges these itself. */
  private static final Set<String> ARRANGED =
      Set.of(
          "process.roles",
          "node.id",
          "controller.listener.names",
          "listener.security.protocol.map");

  private final KafkaContainer container;

  private ContainerBroker(KafkaContainer container) {
    this.container = container;
  }

  /** Starts one without any data, of {@code -Dafina.kafka.image}. */
  public static ContainerBroker startFresh() {
    DockerImageName image =
        DockerImageName.parse(System.getProperty("afina.kafka.image", "apache/kafka"))
            .asCompatibleSubstituteFor("apache/kafka");
    KafkaContainer container = new KafkaContainer(image);
    for (Map.Entry<String, String> setting : EmbeddedBroker.SETTINGS.entrySet()) {
      if (!ARRANGED.contains(setting.getKey())) {
        container.withEnv(variable(setting.getKey()), setting.getValue());
      }
    }
    container.start();
    return new ContainerBroker(container);
  }

  @Override
  public String bootstrapServers() {
    return container.getBootstrapServers();
  }

  /** Takes it away: it answers nobody, and connections to it stay open. */
  public void pause() {
    container.getDockerClient().pauseContainerCmd(container.getContainerId()).exec();
  }

  /** Brings it back. */
  public void resume() {
    container.getDockerClient().unpauseContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void close() {
    container.stop();
  }

  /** {@code log.dirs} is {@code KAFKA_LOG_DIRS}. */
  private static String variable(String setting) {
    return "KAFKA_" + setting.replace('.', '_').toUpperCase(Locale.ROOT);
  }
}
