package io.afina.cli;

import io.afina.config.AfinaConfig;
import io.afina.lifecycle.Closer;
import io.afina.model.SwapResult;
import io.afina.trainer.TrainerRunner;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** All roles in one JVM over a broker in the same JVM. */
final class Cluster implements AutoCloseable {

  private final Closer closer = new Closer();
  private final TrainerRunner trainer;
  private final Classifier classifier;

  /**
   * Applies the topics and starts the roles; takes ownership of the broker.
   *
   * @param config must name that broker
   */
  Cluster(AutoCloseable broker, AfinaConfig config, Consumer<SwapResult> report) {
    try {
      closer.own(broker);
      ReadyTopics.apply(config);
      classifier = closer.own(new Classifier(config, report));
      trainer = closer.own(new TrainerRunner(config));
      awaitReady();
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  /** Ends at once when a role fails before it is ready. */
  private void awaitReady() {
    CompletableFuture.anyOf(CompletableFuture.allOf(classifier.running(), trainer.ready()), ended())
        .join();
  }

  Classifier classifier() {
    return classifier;
  }

  CompletableFuture<?> ended() {
    return CompletableFuture.anyOf(trainer.ended(), classifier.ended());
  }

  @Override
  public void close() {
    closer.close();
  }
}
