package io.afina.topic;

import io.afina.config.AfinaConfig;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.topic.TopicSpec.Role;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks, awaits or creates the topics that a role needs before it starts. */
public final class ReadyTopics {

  private static final Logger LOG = LoggerFactory.getLogger(ReadyTopics.class);

  private ReadyTopics() {}

  /** Ends in one sentence when a topic is missing or the cluster cannot be reached. */
  public static void require(AfinaConfig config, Collection<String> topics) {
    with(config, admin -> admin.requireReady(topics));
  }

  /**
   * The same for a role and the topics that it writes or reads, for it may not be allowed to see
   * others. It may start before its cluster: this says every few seconds that it waits, for as long
   * as {@code startup.brokerPatience}.
   */
  public static void await(AfinaConfig config, Role role) {
    List<String> topics = TopicCatalog.load(config.topics()).names(role);
    long deadline = System.nanoTime() + config.startup().brokerPatience().toNanos();
    while (true) {
      try {
        with(
            config,
            admin -> {
              LOG.atInfo().addKeyValue("cluster", admin.clusterId()).log("a broker answers");
              admin.requireReady(topics);
              if (role == Role.CLASSIFIER) {
                admin.requireFittingChangelogs(config.classifier().applicationId());
              }
            });
        return;
      } catch (AfinaException e) {
        if (e.exitCode() != ExitCode.UNREACHABLE || System.nanoTime() > deadline) {
          throw e;
        }
        LOG.atWarn().addKeyValue("why", e.getMessage()).log("waits for a broker");
      }
    }
  }

  /** Makes what is missing on a cluster that is ours alone. */
  public static void apply(AfinaConfig config) {
    String applicationId = config.classifier().applicationId();
    with(
        config,
        admin -> {
          admin.apply(admin.plan(PlanRequest.none(applicationId)));
          admin.requireFittingChangelogs(applicationId);
        });
  }

  /**
   * Why a classifier cannot go on with the changelogs that there are, if that is so: somebody gave
   * its topics more partitions.
   */
  public static Optional<RuntimeException> misfit(AfinaConfig config) {
    try {
      with(config, admin -> admin.requireFittingChangelogs(config.classifier().applicationId()));
      return Optional.empty();
    } catch (AfinaException e) {
      return e.exitCode() == ExitCode.TOPICS ? Optional.of(e) : Optional.empty();
    }
  }

  private static void with(AfinaConfig config, Consumer<TopicAdmin> work) {
    try (TopicAdmin admin = TopicAdmin.connect(config)) {
      work.accept(admin);
    }
  }
}
