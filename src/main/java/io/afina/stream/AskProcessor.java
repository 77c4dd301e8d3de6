package io.afina.stream;

import io.afina.config.AfinaConfig.Review;
import io.afina.event.ReviewItem;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Scored images in; those that people are asked about out. */
final class AskProcessor extends ContextualProcessor<String, Scored, String, ReviewItem> {

  private final Questions questions;

  AskProcessor(Review settings) {
    this.questions = new Questions(settings);
  }

  @Override
  public void process(Record<String, Scored> image) {
    questions
        .about(image.key(), image.value())
        .ifPresent(item -> context().forward(image.withValue(item)));
  }
}
