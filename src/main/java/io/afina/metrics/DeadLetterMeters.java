package io.afina.metrics;

import io.afina.event.DeadLetter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Records that could not be used. */
public final class DeadLetterMeters {

  private final MeterRegistry registry;

  /** Declares them. */
  public DeadLetterMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** One more. */
  public void setAside(DeadLetter.Stage stage, DeadLetter.Reason reason) {
    Counter.builder("afina.dead.letters")
        .description("Records that could not be used, by the stage and the reason.")
        .tag("stage", stage.text())
        .tag("reason", reason.text())
        .register(registry)
        .increment();
  }
}
