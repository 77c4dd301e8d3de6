package io.afina.classifier;

import io.afina.metrics.DeadLetterMeters;
import io.afina.metrics.ImageMeters;
import io.afina.metrics.ReviewMeters;
import io.micrometer.core.instrument.MeterRegistry;

/** The groups of meters of the topology's processors. */
record StreamMeters(ImageMeters images, ReviewMeters review, DeadLetterMeters deadLetters) {

  StreamMeters(MeterRegistry registry) {
    this(new ImageMeters(registry), new ReviewMeters(registry), new DeadLetterMeters(registry));
  }
}
