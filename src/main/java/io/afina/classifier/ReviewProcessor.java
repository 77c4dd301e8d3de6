package io.afina.classifier;

import io.afina.config.ReviewConfig;
import io.afina.event.ReviewItem;
import io.afina.metrics.ReviewMeters;
import io.afina.review.ReviewSampler;
import io.afina.review.ScoredImage;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Chooses the images that people are asked to label. */
final class ReviewProcessor extends ContextualProcessor<String, ScoredImage, String, ReviewItem> {

  private final ReviewMeters meters;
  private final ReviewSampler sampler;

  ReviewProcessor(ReviewConfig settings, ReviewMeters meters) {
    this.meters = meters;
    this.sampler = new ReviewSampler(settings);
  }

  @Override
  public void process(Record<String, ScoredImage> image) {
    sampler
        .sample(image.key(), image.value())
        .ifPresent(
            item -> {
              meters.asked(item.reason());
              context().forward(image.withValue(item));
            });
  }
}
