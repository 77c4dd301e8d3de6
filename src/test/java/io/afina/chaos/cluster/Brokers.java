package io.afina.chaos.cluster;

import static org.awaitility.Awaitility.await;

import io.afina.Child;
import io.afina.Ports;
import io.afina.broker.ClusterNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;

/**
 * A Kafka cluster of processes on the loopback address. Clients reach each node through a proxy,
 * and so do the other nodes; only who observes reaches it directly.
 */
public final class Brokers implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String HOST = "127.0.0.1:";

  private final Path folder;
  private final List<Node> nodes = new ArrayList<>();
  private final Admin admin;

  /** One node and the ways to it. */
  private static final class Node {

    private final int controller = Ports.free();
    private final int direct = Ports.free();
    private final int clients = Ports.free();
    private final int replication = Ports.free();
    private final Proxy toClients = new Proxy(clients);
    private final Proxy toReplication = new Proxy(replication);
    private Child process;
  }

  /** Starts so many, and waits until they serve. */
  public Brokers(Path folder, int count) {
    this.folder = folder;
    for (int i = 0; i < count; i++) {
      nodes.add(new Node());
    }
    String cluster = Uuid.randomUuid().toString();
    for (int i = 0; i < count; i++) {
      write(settings(i, cluster), file(i));
      start(i);
    }
    admin = Admin.create(Map.of("bootstrap.servers", directServers()));
    try {
      nodes.forEach(node -> node.process.awaitOutput(ClusterNode.SERVES));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  public int count() {
    return nodes.size();
  }

  /** Where clients find them, through the proxies. */
  public String bootstrapServers() {
    return nodes.stream()
        .map(node -> HOST + node.toClients.port())
        .collect(Collectors.joining(","));
  }

  /** Where nothing is between. */
  public String directServers() {
    return nodes.stream().map(node -> HOST + node.direct).collect(Collectors.joining(","));
  }

  public Admin admin() {
    return admin;
  }

  /** The network between clients and a node. */
  public Proxy toClients(int node) {
    return nodes.get(node).toClients;
  }

  /** The network by which other nodes reach a node. */
  public Proxy toReplication(int node) {
    return nodes.get(node).toReplication;
  }

  /** Starts a node that does not run. */
  public void start(int node) {
    nodes.get(node).process =
        Child.start(
            folder,
            "broker-" + (node + 1),
            List.of("-Xmx512m"),
            ClusterNode.class,
            List.of(file(node).toString()));
  }

  /** kill -9. */
  public void kill(int node) throws InterruptedException {
    nodes.get(node).process.kill();
  }

  /** Shuts a node down in order. */
  public void stop(int node) throws InterruptedException {
    nodes.get(node).process.stop();
  }

  public void signal(int node, String name) {
    nodes.get(node).process.signal(name);
  }

  /** Waits until every node has every record. */
  public void awaitInSync() {
    await("every broker has every record")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .ignoreExceptionsInstanceOf(RetriableException.class)
        .until(this::inSync);
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
    for (Node node : nodes) {
      node.process.close();
      node.toClients.close();
      node.toReplication.close();
    }
  }

  private boolean inSync() throws InterruptedException {
    try {
      var names =
          admin
              .listTopics(new ListTopicsOptions().listInternal(true))
              .names()
              .get(5, TimeUnit.SECONDS);
      return admin.describeTopics(names).allTopicNames().get(5, TimeUnit.SECONDS).values().stream()
          .map(TopicDescription::partitions)
          .flatMap(List::stream)
          .allMatch(partition -> partition.isr().size() == nodes.size());
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  private Path file(int node) {
    return folder.resolve("broker-%d.properties".formatted(node + 1));
  }

  private Properties settings(int number, String cluster) {
    Node node = nodes.get(number);
    int copies = nodes.size();
    int enough = Math.max(1, copies - 1);
    Properties settings = new Properties();
    settings.put(ClusterNode.CLUSTER_ID, cluster);
    settings.put("node.id", "" + (number + 1));
    settings.put("log.dirs", folder.resolve("broker-" + (number + 1)).toString());
    settings.put(
        "listeners",
        "CONTROLLER://%1$s%2$d,DIRECT://%1$s%3$d,CLIENTS://%1$s%4$d,REPLICATION://%1$s%5$d"
            .formatted(HOST, node.controller, node.direct, node.clients, node.replication));
    settings.put(
        "advertised.listeners",
        "DIRECT://%1$s%2$d,CLIENTS://%1$s%3$d,REPLICATION://%1$s%4$d"
            .formatted(HOST, node.direct, node.toClients.port(), node.toReplication.port()));
    settings.put(
        "listener.security.protocol.map",
        "CONTROLLER:PLAINTEXT,DIRECT:PLAINTEXT,CLIENTS:PLAINTEXT,REPLICATION:PLAINTEXT");
    settings.put("inter.broker.listener.name", "REPLICATION");
    settings.put("controller.quorum.voters", voters());
    for (String topic : List.of("default", "offsets.topic", "transaction.state.log")) {
      settings.put(topic + ".replication.factor", "" + copies);
    }
    settings.put("min.insync.replicas", "" + enough);
    settings.put("transaction.state.log.min.isr", "" + enough);
    settings.put("replica.lag.time.max.ms", "5000");
    // The cores are few and shared: a node that is only slow is not dead.
    settings.put("broker.session.timeout.ms", "4000");
    return settings;
  }

  private String voters() {
    List<String> voters = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      voters.add("%d@%s%d".formatted(i + 1, HOST, nodes.get(i).controller));
    }
    return String.join(",", voters);
  }

  private static void write(Properties properties, Path file) {
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
