package io.afina.broker;

import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.fault.FaultHandler;
import org.slf4j.LoggerFactory;

/**
 * Broker and controller of one Kafka node, put together as Kafka's own {@code KafkaRaftServer}
 * does, but for two things: it listens on sockets that are open already, and a start that fails is
 * an exception, where Kafka's ends the process with 1.
 */
final class KafkaNode {

  private final Metrics metrics;
  private final BrokerServer broker;
  private final ControllerServer controller;
  private volatile boolean started;

  /** Over a folder that is formatted. */
  KafkaNode(KafkaConfig config, HeldSockets sockets) {
    var dirs =
        KafkaRaftServer.initializeLogDirs(config, LoggerFactory.getLogger(KafkaNode.class), "");
    metrics = Server.initializeMetrics(config, Time.SYSTEM, dirs._1().clusterId().orElseThrow());
    QuorumConfig quorum = config.quorumConfig();
    SharedServer shared =
        new SharedServer(
            config,
            dirs._1(),
            Time.SYSTEM,
            metrics,
            CompletableFuture.completedFuture(QuorumConfig.parseVoterConnections(quorum.voters())),
            QuorumConfig.parseBootstrapServers(quorum.bootstrapServers()),
            this::faultHandler,
            sockets);
    broker = new BrokerServer(shared);
    controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), dirs._2());
  }

  /** Returns once it serves. */
  void start() {
    controller.startup();
    broker.startup();
    started = true;
  }

  /** Shuts down in order, also what has started of it. */
  void stop() {
    try (metrics) {
      broker.shutdown();
      controller.shutdown();
    }
  }

  /** Once it serves, a fault that it cannot go on after ends the process, as Kafka does. */
  private FaultHandler faultHandler(String name, boolean fatal, Runnable action) {
    FaultHandler standard = new StandardFaultHandlerFactory().build(name, fatal, action);
    return (message, cause) -> {
      if (started || !fatal) {
        return standard.handleFault(message, cause);
      }
      action.run();
      return new IllegalStateException(name + ": " + message, cause);
    };
  }
}
