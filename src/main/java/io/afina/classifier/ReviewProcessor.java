package io.afina.classifier;

import io.afina.config.ReviewConfig;
import io.afina.event.ReviewItem;
import io.afina.metrics.ReviewMeters;
import io.afina.review.ReviewSampler;
import io.afina.review.ScoredImage;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Chooses the images that people are asked to label; it hears of their answers, too. */
final class ReviewProcessor extends ContextualProcessor<String, Object, String, ReviewItem> {

  private final ReviewMeters meters;
  private final ReviewSampler sampler;

  ReviewProcessor(ReviewConfig settings, ReviewMeters meters) {
    this.meters = meters;
    this.sampler = new ReviewSampler(settings);
  }

  @Override
  public void process(Record<String, Object> record) {
    if (record.value() instanceof ScoredImage image) {
      sampler
          .sample(record.key(), image)
          .ifPresent(
              item -> {
                meters.asked(item.reason());
                context().forward(record.withValue(item));
              });
    } else {
      sampler.answered();
    }
  }
}
