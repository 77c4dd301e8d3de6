package io.afina.broker;

import io.afina.broker.EmbeddedBroker.Storage;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;

/**
 * One node of a cluster, broker and controller, as a process of its own. Its argument is a file of
 * properties: Kafka's settings that differ from {@link EmbeddedBroker}'s, and {@value #CLUSTER_ID}.
 * SIGTERM shuts it down in order.
 */
public final class ClusterNode {

  /** The key of the cluster's id, which is none of Kafka's settings. */
  public static final String CLUSTER_ID = "cluster.id";

  /** What it prints once it serves. */
  public static final String SERVES = "node serves";

  private ClusterNode() {}

  public static void main(String[] arguments) throws Exception {
    Properties given = read(Path.of(arguments[0]));
    String cluster = (String) Objects.requireNonNull(given.remove(CLUSTER_ID));
    EmbeddedBroker node =
        EmbeddedBroker.start(
            Path.of(given.getProperty("log.dirs")),
            settings -> {
              settings.putAll(given);
              return settings;
            },
            new Storage(given.getProperty("node.id"), cluster, List.of()));
    Runtime.getRuntime().addShutdownHook(new Thread(node::close, "node-shutdown"));
    System.out.println(SERVES);
    new CountDownLatch(1).await();
  }

  private static Properties read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return properties;
  }
}
