package io.afina.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/** Counts corrections by what becomes of them. */
public final class CorrectionMeters {

  /** What became of one. */
  public enum Outcome {
    /** Its image was there: it became a training example, or changed one. */
    JOINED,
    /** It says what was said before. */
    REPEATED,
    /** It came before its image and waits. */
    WAITING,
    /** It takes a label back. */
    WITHDRAWN,
    /** Its image never came: a dead letter. */
    EXPIRED;

    /** As it stands in the tag {@code outcome}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Map<Outcome, Counter> counters = new EnumMap<>(Outcome.class);
  private final AtomicLong waiting = new AtomicLong();

  /** Declares them. */
  public CorrectionMeters(MeterRegistry registry) {
    for (Outcome outcome : Outcome.values()) {
      counters.put(
          outcome,
          Counter.builder("afina.corrections")
              .description("Corrections by what became of them.")
              .tag("outcome", outcome.text())
              .register(registry));
    }
    Gauge.builder("afina.corrections.waiting", waiting, AtomicLong::get)
        .description("Corrections of this process that wait for their image, about.")
        .register(registry);
  }

  /** Counts a correction. */
  public void became(Outcome outcome) {
    Objects.requireNonNull(counters.get(outcome)).increment();
  }

  /** Changes the number of corrections that wait. */
  public void waiting(long change) {
    waiting.addAndGet(change);
  }
}
