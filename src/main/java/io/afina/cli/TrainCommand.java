package io.afina.cli;

import io.afina.config.AfinaConfig;
import io.afina.lifecycle.Closer;
import io.afina.topic.TopicSpec.Role;
import io.afina.trainer.TrainerRunner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Trains until it is stopped. */
@Command(
    name = "train",
    header = "Train heads from corrections and let them answer; on a GPU where there is one.",
    description = "Of several trainers one leads, and the others stand by.",
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {

  @Mixin private ClusterOptions cluster;
  @Mixin private TrainerOptions trainer;

  @Override
  public Integer call() {
    AfinaConfig config = trainer.set(cluster.loader()).load();
    ReadyTopics.require(config, Role.TRAINER);
    Closer services = new Closer();
    TrainerRunner runner = services.own(new TrainerRunner(config));
    return Foreground.run(services, runner.ready(), "training", runner.ended());
  }
}
