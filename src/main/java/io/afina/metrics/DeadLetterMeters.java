package io.afina.metrics;

import io.afina.event.DeadLetter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts records that could not be used. */
public record DeadLetterMeters(MeterRegistry registry) {

  static final String NAME = "afina.dead.letters";
  static final String REASON = "reason";

  /** Counts a record that became a dead letter. */
  public void setAside(DeadLetter.Stage stage, DeadLetter.Reason reason) {
    Counter.builder(NAME)
        .description("Records that could not be used, by the stage and the reason.")
        .tag("stage", stage.text())
        .tag(REASON, reason.text())
        .register(registry)
        .increment();
  }
}
