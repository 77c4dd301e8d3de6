package io.afina.keeper;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Measures the work on kept pictures: keeping them, embedding them anew, dropping embeddings. */
public final class KeptPictureMeters {

  private static final String WORK = "work";

  private final MeterRegistry registry;
  private final Map<String, AtomicLong> waiting = new ConcurrentHashMap<>();

  /** Declares them. */
  public KeptPictureMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Counts a record.
   *
   * @param work {@code keep}, {@code embed} or {@code drop}
   */
  public void became(String work, String outcome) {
    Counter.builder("afina.kept.pictures")
        .description("Records of labelled images by what the work on kept pictures made of them.")
        .tag(WORK, work)
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  /** Says how many records of this process wait. */
  public void waiting(String work, long records) {
    waiting.computeIfAbsent(work, this::gauge).set(records);
  }

  private AtomicLong gauge(String work) {
    AtomicLong value = new AtomicLong();
    Gauge.builder("afina.kept.waiting", value, AtomicLong::get)
        .description("Records of this process that wait for the work on kept pictures.")
        .tag(WORK, work)
        .register(registry);
    return value;
  }
}
