package io.afina.labelling.queue;

import io.afina.metrics.LabellingMeters;
import io.afina.model.WilsonInterval;
import java.time.InstantSource;

/** Gives the meters what they show of the queue and of its answers. */
public record ObservedQueue(ReviewQueue queue, AnswerIndex answers, InstantSource clock)
    implements LabellingMeters.Queue {

  private static final double MILLIS_PER_SECOND = 1000;

  @Override
  public int open() {
    return queue.size().open();
  }

  @Override
  public double oldestSeconds() {
    long now = clock.millis();
    return Math.max(0, now - queue.oldest().orElse(now)) / MILLIS_PER_SECOND;
  }

  @Override
  public double accuracy() {
    WilsonInterval share = answers.accuracy().share();
    return share.total() == 0 ? Double.NaN : (double) share.right() / share.total();
  }

  @Override
  public double accuracyLow() {
    return answers.accuracy().share().low();
  }

  @Override
  public double accuracyHigh() {
    return answers.accuracy().share().high();
  }
}
