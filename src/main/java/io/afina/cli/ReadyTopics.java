package io.afina.cli;

import io.afina.config.AfinaConfig;
import io.afina.topic.TopicAdmin;
import io.afina.topic.TopicCatalog;
import io.afina.topic.TopicSpec.Role;
import io.afina.topic.Wish;
import java.util.Collection;
import java.util.Map;

/** Sees to it that the topics are there before a role starts. */
final class ReadyTopics {

  private ReadyTopics() {}

  /** Ends in one sentence when a topic is missing or the cluster cannot be reached. */
  static void require(AfinaConfig config, Collection<String> topics) {
    try (TopicAdmin admin = TopicAdmin.connect(Map.copyOf(config.kafka()))) {
      admin.requireReady(topics);
    }
  }

  /** The same, for the topics that a role writes or reads: it may not be allowed to see others. */
  static void require(AfinaConfig config, Role role) {
    require(config, TopicCatalog.load().names(role));
  }

  /** Makes what is missing on a cluster that is ours alone. */
  static void apply(AfinaConfig config) {
    try (TopicAdmin admin = TopicAdmin.connect(Map.copyOf(config.kafka()))) {
      admin.apply(admin.plan(Wish.none(config.classifier().applicationId())));
    }
  }
}
