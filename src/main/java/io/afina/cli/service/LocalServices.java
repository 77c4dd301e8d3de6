package io.afina.cli.service;

import io.afina.config.AfinaConfig;
import io.afina.lifecycle.Closer;
import io.afina.model.SwapResult;
import io.afina.topic.ReadyTopics;
import io.afina.trainer.TrainerRunner;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Runs a classifier and a trainer in this JVM. */
public final class LocalServices implements AutoCloseable {

  private final Closer closer = new Closer();
  private final TrainerRunner trainer;
  private final ClassifierService classifier;

  /**
   * Applies the topics and starts the roles.
   *
   * @param report told of every champion that is swapped in or refused
   */
  public LocalServices(
      AfinaConfig config, MeterRegistry meters, Tracer tracer, Consumer<SwapResult> report) {
    try {
      ReadyTopics.apply(config);
      classifier = closer.own(new ClassifierService(config, meters, tracer, report));
      trainer = closer.own(new TrainerRunner(config, meters, tracer));
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

  public ClassifierService classifier() {
    return classifier;
  }

  TrainerRunner trainer() {
    return trainer;
  }

  CompletableFuture<?> ended() {
    return CompletableFuture.anyOf(trainer.ended(), classifier.ended());
  }

  @Override
  public void close() {
    closer.close();
  }
}
