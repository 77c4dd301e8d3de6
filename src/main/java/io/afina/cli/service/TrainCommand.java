package io.afina.cli.service;

import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.ServiceOptions;
import io.afina.cli.option.TrainerOptions;
import io.afina.config.AfinaConfig;
import io.afina.topic.ReadyTopics;
import io.afina.topic.TopicSpec.Role;
import io.afina.trainer.TrainerRunner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a trainer until it is stopped. */
@Command(
    name = "train",
    header = "Train heads from corrections and let them answer; on a GPU where there is one.",
    description = "Of several trainers one leads, and the others stand by.")
public final class TrainCommand implements Runnable {

  @Mixin private ClusterOptions cluster;
  @Mixin private TrainerOptions trainer;
  @Mixin private ServiceOptions service;

  @Override
  public void run() {
    AfinaConfig config = service.set(trainer.set(cluster.loader())).load();
    StartLine.other("train", config, config.trainer().group());
    ReadyTopics.await(config, Role.TRAINER);
    Foreground.run(
        services -> {
          ManagementService management = services.own(new ManagementService("train", config));
          TrainerRunner runner =
              services.own(new TrainerRunner(config, management.meters(), management.tracer()));
          management.watch(runner);
          management.complete();
          return new Foreground.Running(
              runner.ready(),
              "training, metrics at %s/metrics".formatted(management.address()),
              runner.ended());
        });
  }
}
