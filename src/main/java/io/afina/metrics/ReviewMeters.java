package io.afina.metrics;

import io.afina.event.ReviewItem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Counts the images that are sent to review. */
public final class ReviewMeters {

  private final Map<ReviewItem.ReviewReason, Counter> asked =
      new EnumMap<>(ReviewItem.ReviewReason.class);

  /** Declares them. */
  public ReviewMeters(MeterRegistry registry) {
    for (ReviewItem.ReviewReason reason : ReviewItem.ReviewReason.values()) {
      asked.put(
          reason,
          Counter.builder("afina.review.asked")
              .description("Images that people are asked about, by the reason.")
              .tag("reason", reason.text())
              .register(registry));
    }
  }

  /** Counts an image that is sent to review. */
  public void asked(ReviewItem.ReviewReason reason) {
    Objects.requireNonNull(asked.get(reason)).increment();
  }
}
