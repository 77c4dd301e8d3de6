package io.afina.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Shows the review queue, its answers, and the live accuracy by them. */
public final class LabellingMeters {

  private final MeterRegistry registry;
  private final MultiGauge accuracy;
  private final MultiGauge low;
  private final MultiGauge high;

  /** Declares them; a queue is observed by {@link #observe}. */
  public LabellingMeters(MeterRegistry registry) {
    this.registry = registry;
    accuracy =
        byLabel(
            "afina.live.audit.accuracy",
            "Share of the last 50 images of a label that were drawn by chance that the heads had right, 0 to 1.");
    low =
        byLabel(
            "afina.live.audit.accuracy.low",
            "Lower end of the 95 % interval of afina_live_audit_accuracy.");
    high =
        byLabel(
            "afina.live.audit.accuracy.high",
            "Upper end of the 95 % interval of afina_live_audit_accuracy.");
  }

  private MultiGauge byLabel(String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  /** A share, 0 to 1, with its 95 % interval. */
  public record Share(double value, double low, double high) {}

  /**
   * Shows a queue from now on.
   *
   * @param open items that are open in this instance
   * @param oldestSeconds age of the oldest open item; 0 when there is none
   * @param accuracy share of the last answers that the heads had right; NaN before there are any
   * @param precision share of the last accepted predictions that were right; NaN before any
   */
  public void observe(
      Supplier<Number> open,
      Supplier<Number> oldestSeconds,
      Supplier<Share> accuracy,
      Supplier<Share> precision) {
    gauge("afina.review.open", open, "Review items open in this instance.");
    gauge("afina.review.oldest.seconds", oldestSeconds, "Age of the oldest open review item.");
    gauge(
        "afina.live.accuracy",
        () -> accuracy.get().value(),
        "Share of the last answers that the heads had right, 0 to 1; of images drawn by chance once there are any.");
    gauge(
        "afina.live.accuracy.low",
        () -> accuracy.get().low(),
        "Lower end of the 95 % interval of afina_live_accuracy.");
    gauge(
        "afina.live.accuracy.high",
        () -> accuracy.get().high(),
        "Upper end of the 95 % interval of afina_live_accuracy.");
    gauge(
        "afina.live.precision",
        () -> precision.get().value(),
        "Share of the last 500 accepted predictions of images drawn by chance that were right, 0 to 1.");
    gauge(
        "afina.live.precision.low",
        () -> precision.get().low(),
        "Lower end of the 95 % interval of afina_live_precision.");
    gauge(
        "afina.live.precision.high",
        () -> precision.get().high(),
        "Upper end of the 95 % interval of afina_live_precision.");
  }

  /** How right the heads were about images drawn by chance, by label. */
  public void audited(Map<String, Share> byLabel) {
    accuracy.register(rows(byLabel, Share::value), true);
    low.register(rows(byLabel, Share::low), true);
    high.register(rows(byLabel, Share::high), true);
  }

  private static List<Row<?>> rows(Map<String, Share> byLabel, ToDoubleFunction<Share> part) {
    return byLabel.entrySet().stream()
        .map(
            entry -> Row.of(Tags.of("label", entry.getKey()), part.applyAsDouble(entry.getValue())))
        .collect(Collectors.toList());
  }

  private void gauge(String name, Supplier<Number> value, String description) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  /** Somebody tried to log in: {@code right}, {@code wrong} or {@code refused}. */
  public void loggedIn(String outcome) {
    Counter.builder("afina.logins")
        .description("Attempts to log in with a password, by outcome.")
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  /**
   * Somebody answered: {@code label}, {@code skip}, {@code unsure}, {@code change} or {@code undo}.
   */
  public void answered(String kind) {
    Counter.builder("afina.answers")
        .description("What labellers did, by kind.")
        .tag("kind", kind)
        .register(registry)
        .increment();
  }
}
