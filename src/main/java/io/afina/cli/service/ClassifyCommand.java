package io.afina.cli.service;

import io.afina.classifier.StateFolder;
import io.afina.cli.option.BackboneOptions;
import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.ServiceOptions;
import io.afina.config.AfinaConfig;
import io.afina.lifecycle.Announcement;
import io.afina.topic.ReadyTopics;
import io.afina.topic.TopicSpec.Role;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a classifier until it is stopped. */
@Command(
    name = "classify",
    header = "Classify the pictures on the topic images, and join corrections with them.",
    description =
        "Start as many as there is work for, on any number of machines: they share the partitions.")
public final class ClassifyCommand implements Runnable {

  @Mixin private ClusterOptions cluster;
  @Mixin private BackboneOptions backbone;
  @Mixin private ServiceOptions service;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Stream threads; default: one a core.")
  private @Nullable Integer threads;

  @Option(
      names = "--instance-id",
      paramLabel = "NAME",
      description =
          "A name for this process, kept over restarts: it then comes back to its partitions without a rebalance.")
  private @Nullable String instanceId;

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description = "Where the state stores are; two processes on one machine need two.")
  private @Nullable String stateDir;

  @Option(
      names = "--verify-key",
      paramLabel = "FILE",
      description =
          "PEM with one or several Ed25519 public keys: heads that none of them signed are refused.")
  private @Nullable String verifyKey;

  @Override
  public void run() {
    AfinaConfig config =
        service
            .set(cluster.loader())
            .set("backbone.address", backbone.address())
            .set("classifier.threads", threads)
            .set("classifier.instanceId", instanceId)
            .set("classifier.stateDir", stateDir)
            .set("classifier.verifyKey", verifyKey)
            .load();
    StartLine.classifier("classify", config);
    ReadyTopics.await(config, Role.CLASSIFIER);
    StateFolder.claim(config);
    Foreground.run(
        services -> {
          ManagementService management = services.own(new ManagementService("classify", config));
          ClassifierService classifier =
              services.own(
                  new ClassifierService(
                      config, management.meters(), management.tracer(), result -> {}));
          management.watch(classifier);
          management.complete();
          return new Foreground.Running(
              classifier.running(),
              Announcement.CLASSIFYING
                  + "%s, metrics at %s/metrics"
                      .formatted(classifier.backbone().card().name(), management.address()),
              classifier.ended());
        });
  }
}
