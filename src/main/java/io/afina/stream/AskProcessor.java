package io.afina.stream;

import io.afina.config.AfinaConfig.Review;
import io.afina.event.ReviewItem;
import io.afina.metrics.ReviewMeters;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Scored images in; those that people are asked about out. */
final class AskProcessor extends ContextualProcessor<String, Scored, String, ReviewItem> {

  private final ReviewMeters meters;
  private final Questions questions;

  AskProcessor(Review settings, ReviewMeters meters) {
    this.meters = meters;
    this.questions = new Questions(settings);
  }

  @Override
  public void process(Record<String, Scored> image) {
    questions
        .about(image.key(), image.value())
        .ifPresent(
            item -> {
              meters.asked(item.reason());
              context().forward(image.withValue(item));
            });
  }
}
