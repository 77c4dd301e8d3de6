package io.afina.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** The review queue and its answers, and how right the champion is by them. */
public final class LabellingMeters {

  private final MeterRegistry registry;

  /** Declares none yet: a queue is observed by {@link #observe}. */
  public LabellingMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** What of a queue is shown. */
  public interface Queue {

    /** Items that are open in this instance. */
    int open();

    /** Age of the oldest open item in seconds; 0 when there is none. */
    double oldestSeconds();

    /** Share of the last answers that the heads had right, 0 to 1; NaN before there are any. */
    double accuracy();

    /** Lower end of its 95 % interval. */
    double accuracyLow();

    /** Upper end of its 95 % interval. */
    double accuracyHigh();
  }

  /** Shows a queue for as long as it lives. */
  public void observe(Queue queue) {
    gauge("afina.review.open", queue, Queue::open, "Review items open in this instance.");
    gauge(
        "afina.review.oldest.seconds",
        queue,
        Queue::oldestSeconds,
        "Age of the oldest open review item.");
    gauge(
        "afina.live.accuracy",
        queue,
        Queue::accuracy,
        "Share of the last answers that the heads had right, 0 to 1; of images drawn by chance once there are any.");
    gauge(
        "afina.live.accuracy.low",
        queue,
        Queue::accuracyLow,
        "Lower end of the 95 % interval of afina_live_accuracy.");
    gauge(
        "afina.live.accuracy.high",
        queue,
        Queue::accuracyHigh,
        "Upper end of the 95 % interval of afina_live_accuracy.");
  }

  private void gauge(String name, Queue queue, ToDoubleFunction<Queue> value, String description) {
    Gauge.builder(name, queue, value)
        .strongReference(true)
        .description(description)
        .register(registry);
  }

  /** Somebody answered: {@code label}, {@code skip}, {@code unsure} or {@code undo}. */
  public void answered(String kind) {
    Counter.builder("afina.answers")
        .description("What labellers did, by kind.")
        .tag("kind", kind)
        .register(registry)
        .increment();
  }
}
