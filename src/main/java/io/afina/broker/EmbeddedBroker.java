package io.afina.broker;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.lifecycle.TemporaryFolder;
import io.afina.lifecycle.Worker;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * Runs a real Kafka of one node inside this JVM, on the loopback address only: broker and KRaft
 * controller, for the demo, a laptop and the tests. It has no copies and no access control.
 *
 * <p>It rests on Kafka's internal API, which may change with any release: nothing outside this
 * class may know of it.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final String HOST = "127.0.0.1";
  private static final String NODE_ID = "1";
  private static final String CONTROLLER = "CONTROLLER";

  /** Kafka writes it last when it formats a folder. */
  private static final String FORMATTED = "meta.properties";

  /** The settings that differ from Kafka's defaults, besides folder and ports. */
  static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("process.roles", "broker,controller"),
          Map.entry("node.id", NODE_ID),
          Map.entry("controller.listener.names", CONTROLLER),
          Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
          // Topics are made by `afina topics apply`; one made by accident has the wrong settings.
          Map.entry("auto.create.topics.enable", "false"),
          // One node holds one copy.
          Map.entry("default.replication.factor", "1"),
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("share.coordinator.state.topic.replication.factor", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"),
          // Few partitions, threads and buffers: it starts fast and stays small.
          Map.entry("offsets.topic.num.partitions", "4"),
          Map.entry("transaction.state.log.num.partitions", "4"),
          Map.entry("group.coordinator.threads", "1"),
          Map.entry("num.network.threads", "2"),
          Map.entry("num.io.threads", "4"),
          Map.entry("background.threads", "2"),
          Map.entry("log.cleaner.dedupe.buffer.size", "8388608"),
          // Nobody else is coming: the first member of a group need not wait for others.
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          // After kill -9 the controller waits until the killed broker's session is over.
          Map.entry("broker.session.timeout.ms", "2000"),
          Map.entry("broker.heartbeat.interval.ms", "500"));

  private final Path dataDir;
  private final int port;
  private final Closer closer;

  private EmbeddedBroker(Path dataDir, int port, Closer closer) {
    this.dataDir = dataDir;
    this.port = port;
    this.closer = closer;
  }

  /**
   * Starts over a folder and keeps it, on a port that is free. The folder is made if missing; one
   * that an earlier broker left, however it ended, is taken up again.
   *
   * @throws AfinaException when the broker cannot start
   */
  public static EmbeddedBroker start(Path dataDir) {
    return start(dataDir, 0);
  }

  /**
   * Starts over a folder and keeps it, on the given port.
   *
   * @param port 0 for any that is free
   * @throws AfinaException when the broker cannot start, or the port is taken
   */
  public static EmbeddedBroker start(Path dataDir, int port) {
    return start(new Closer(), dataDir, port, settings -> settings, Storage.alone(List.of()));
  }

  /**
   * How a new folder is formatted.
   *
   * @param nodeId as the settings have it
   * @param clusterId the same for all nodes of a cluster
   * @param scram users that there are from the start, as kafka-storage takes them
   */
  record Storage(String nodeId, String clusterId, List<String> scram) {

    /** The storage of the only node of a cluster. */
    static Storage alone(List<String> scram) {
      return new Storage(NODE_ID, Uuid.randomUuid().toString(), scram);
    }
  }

  /**
   * Starts over a folder, with other settings.
   *
   * @param change of Kafka's settings, which have one listener for clients and one for controllers
   */
  static EmbeddedBroker start(Path dataDir, UnaryOperator<Properties> change, Storage storage) {
    return start(new Closer(), dataDir, 0, change, storage);
  }

  /** Starts over a temporary folder that is deleted at the end, on a port that is free. */
  public static EmbeddedBroker startFresh() {
    Closer closer = new Closer();
    Path folder = closer.own(new TemporaryFolder("afina-broker-")).path();
    return start(closer, folder, 0, settings -> settings, Storage.alone(List.of()));
  }

  /** The address for clients: {@code host:port}. */
  public String bootstrapServers() {
    return HOST + ":" + port;
  }

  /** The folder with its data. */
  public Path dataDir() {
    return dataDir;
  }

  /** Shuts down in order, within 30 s; a temporary folder is gone afterwards. */
  @Override
  public void close() {
    closer.close();
  }

  private static EmbeddedBroker start(
      Closer closer, Path dataDir, int port, UnaryOperator<Properties> change, Storage storage) {
    try {
      HeldSockets sockets = closer.own(new HeldSockets());
      int held = hold(sockets, port);
      Properties settings = change.apply(settings(dataDir, held, sockets.hold(0)));
      formatIfNew(dataDir, storage);
      KafkaNode node = new KafkaNode(KafkaConfig.fromProps(settings, false), sockets);
      closer.own(() -> new Worker("broker-shutdown", node::stop, () -> {}).close());
      node.start();
      // Ports that the changed settings do not have.
      sockets.close();
      return new EmbeddedBroker(dataDir, held, closer);
    } catch (AfinaException e) {
      closer.close();
      throw e;
    } catch (Exception e) {
      closer.close();
      throw new AfinaException(
          ExitCode.UNREACHABLE,
          "the broker in this process does not start over %s: %s; does another process use that folder?"
              .formatted(dataDir, reason(e)),
          e);
    }
  }

  /** Kafka puts what happened far below what it says. */
  private static String reason(Exception e) {
    return Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
        .map(Throwable::getMessage)
        .filter(Objects::nonNull)
        .collect(Collectors.joining(": "));
  }

  private static int hold(HeldSockets sockets, int port) {
    try {
      return sockets.hold(port);
    } catch (IOException e) {
      throw new AfinaException(
          ExitCode.UNREACHABLE,
          "port %d of %s is taken: stop what listens there, or choose another port"
              .formatted(port, HOST),
          e);
    }
  }

  private static Properties settings(Path dataDir, int port, int controllerPort) {
    Properties settings = new Properties();
    settings.putAll(SETTINGS);
    settings.put("log.dirs", dataDir.toString());
    settings.put(
        "listeners",
        "PLAINTEXT://%s:%d,%s://%s:%d".formatted(HOST, port, CONTROLLER, HOST, controllerPort));
    // Static, so that the controller's port may change between two runs over one folder.
    settings.put("controller.quorum.voters", "%s@%s:%d".formatted(NODE_ID, HOST, controllerPort));
    return settings;
  }

  private static void formatIfNew(Path dataDir, Storage storage) throws Exception {
    if (Files.exists(dataDir.resolve(FORMATTED))) {
      return;
    }
    Files.createDirectories(dataDir);
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setNodeId(Integer.parseInt(storage.nodeId()))
        .setClusterId(storage.clusterId())
        .setReleaseVersion(MetadataVersion.latestProduction())
        .setControllerListenerName(CONTROLLER)
        .addDirectory(dataDir.toString())
        .setMetadataLogDirectory(dataDir.toString())
        .setScramArguments(storage.scram())
        .run();
  }
}
