package io.afina.cli;

import io.afina.config.AfinaConfig;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.stream.StateFolder;
import io.afina.topic.TopicAdmin;
import io.afina.topic.TopicCatalog;
import io.afina.topic.TopicSpec.Role;
import io.afina.topic.Wish;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that the topics are there before a role starts. */
final class ReadyTopics {

  private static final Logger LOG = LoggerFactory.getLogger(ReadyTopics.class);

  private ReadyTopics() {}

  /** Ends in one sentence when a topic is missing or the cluster cannot be reached. */
  static void require(AfinaConfig config, Collection<String> topics) {
    try (TopicAdmin admin = TopicAdmin.connect(Map.copyOf(config.kafka()))) {
      admin.requireReady(topics);
    }
  }

  /**
   * The same for a role and the topics that it writes or reads, for it may not be allowed to see
   * others. It may start before its cluster: this says every few seconds that it waits, for as long
   * as {@code startup.brokerPatience}.
   */
  static void await(AfinaConfig config, Role role) {
    List<String> topics = TopicCatalog.load().names(role);
    long deadline = System.nanoTime() + config.startup().brokerPatience().toNanos();
    while (true) {
      try {
        require(config, topics);
        return;
      } catch (AfinaException e) {
        if (e.exitCode() != ExitCode.UNREACHABLE || System.nanoTime() > deadline) {
          throw e;
        }
        LOG.atWarn().addKeyValue("why", e.getMessage()).log("waits for a broker");
      }
    }
  }

  /**
   * Sees to it that there is room for state stores, and that those in a folder that somebody named
   * are this cluster's.
   */
  static void claimState(AfinaConfig config) {
    Path folder = StateFolder.of(config.classifier());
    if (config.classifier().stateDir() == null) {
      StateFolder.requireRoom(folder);
      return;
    }
    try (TopicAdmin admin = TopicAdmin.connect(Map.copyOf(config.kafka()))) {
      StateFolder.claim(folder, admin.clusterId());
    }
  }

  /** Makes what is missing on a cluster that is ours alone. */
  static void apply(AfinaConfig config) {
    try (TopicAdmin admin = TopicAdmin.connect(Map.copyOf(config.kafka()))) {
      admin.apply(admin.plan(Wish.none(config.classifier().applicationId())));
    }
  }
}
