package io.afina.metrics;

import io.afina.event.Prediction;
import io.afina.event.Prediction.Decision;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Measures what becomes of image events, and how long it takes. */
public final class ImageMeters {

  private static final String IMAGES = "afina.images";

  private final Counter predicted;
  private final Counter unanswered;
  private final Counter unusable;
  private final Timer queue;
  private final Timer decode;
  private final Timer inference;
  private final Timer latency;
  private final DistributionSummary confidence;
  private final DistributionSummary distance;
  private final Counter novel;
  private final Map<Decision, Counter> decisions = new EnumMap<>(Decision.class);

  /** Declares them. */
  public ImageMeters(MeterRegistry registry) {
    predicted = images(registry, "predicted");
    unanswered = images(registry, "no-model");
    unusable = images(registry, "dead-letter");
    queue =
        Buckets.shortTimer(registry, "afina.image.queue", "From an image's timestamp to its turn.");
    decode = Buckets.shortTimer(registry, "afina.image.decode", "Decoding and resizing a picture.");
    inference =
        Buckets.shortTimer(
            registry,
            "afina.image.inference",
            "A picture in the backbone, with the wait for its batch.");
    latency =
        Buckets.shortTimer(
            registry,
            "afina.image.latency",
            "From an image's timestamp to its prediction; readers see it up to a commit interval later.");
    confidence =
        DistributionSummary.builder("afina.prediction.confidence")
            .description("Confidence of the predictions, 0 to 1.")
            .serviceLevelObjectives(0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1)
            .register(registry);
    distance =
        DistributionSummary.builder("afina.image.distance")
            .description(
                "Cosine distance of an image to the nearest mean of what the champion was trained on.")
            .serviceLevelObjectives(0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1)
            .register(registry);
    novel =
        Counter.builder("afina.image.novel")
            .description(
                "Images that are farther from all that the champion was trained on than its examples were.")
            .register(registry);
    for (Decision decision : Decision.values()) {
      decisions.put(decision, decisions(registry, decision));
    }
  }

  private static Counter decisions(MeterRegistry registry, Decision decision) {
    return Counter.builder("afina.decisions")
        .description("Predictions by whether they may be used unseen: accept, defer.")
        .tag("decision", decision.text())
        .register(registry);
  }

  private static Counter images(MeterRegistry registry, String outcome) {
    return Counter.builder(IMAGES)
        .description("Image events by what became of them: predicted, no-model, dead-letter.")
        .tag("outcome", outcome)
        .register(registry);
  }

  /**
   * An image was classified.
   *
   * @param now milliseconds since 1970
   */
  public void classified(Prediction prediction, long now) {
    Prediction.Timings timings = prediction.timings();
    queue.record(millis(timings.queue()));
    decode.record(millis(timings.decode()));
    inference.record(millis(timings.inference()));
    latency.record(Duration.ofMillis(Math.max(0, now - prediction.image().timestamp())));
    if (prediction.confidence() == null) {
      unanswered.increment();
    } else {
      predicted.increment();
      confidence.record(prediction.confidence());
      Optional.ofNullable(prediction.decision()).map(decisions::get).ifPresent(Counter::increment);
    }
  }

  /** An image became a dead letter. */
  public void setAside() {
    unusable.increment();
  }

  /**
   * How far an image is from what the champion was trained on.
   *
   * @param distance cosine distance to the nearest label's mean, 0 to 2
   * @param limit from which on it is novel
   */
  public void compared(double distance, double limit) {
    this.distance.record(distance);
    if (distance > limit) {
      novel.increment();
    }
  }

  private static Duration millis(double millis) {
    return Duration.ofNanos(Math.round(millis * 1e6));
  }
}
