package io.afina.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Counts what comes to the join by whether it arrived at the home of its image. */
public final class ArrivalMeters {

  static final String NAME = "afina.arrivals";
  static final String KIND = "kind";
  static final String HOME = "home";

  private final Map<Kind, Counter> home = new EnumMap<>(Kind.class);
  private final Map<Kind, Counter> away = new EnumMap<>(Kind.class);

  /** What arrived. */
  public enum Kind {
    /** The embedding of an image that was classified. */
    IMAGE,
    /** A correction, or that it is withdrawn. */
    CORRECTION
  }

  /** Declares them. */
  public ArrivalMeters(MeterRegistry registry) {
    for (Kind kind : Kind.values()) {
      home.put(kind, counter(registry, kind, true));
      away.put(kind, counter(registry, kind, false));
    }
  }

  /** Counts one; away from its home it is sent on. */
  public void arrived(Kind kind, boolean atHome) {
    Objects.requireNonNull((atHome ? home : away).get(kind)).increment();
  }

  private static Counter counter(MeterRegistry registry, Kind kind, boolean atHome) {
    return Counter.builder(NAME)
        .description(
            "Embeddings and corrections by whether they arrived at the home of their image; what did not was sent on to it.")
        .tag(KIND, kind.name().toLowerCase(Locale.ROOT))
        .tag(HOME, Boolean.toString(atHome))
        .register(registry);
  }
}
