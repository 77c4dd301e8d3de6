package io.afina.labelling.queue;

import io.afina.metrics.LabellingMeters;
import io.afina.model.WilsonInterval;
import java.time.InstantSource;

/** The queue and its answers, as their meters show them. */
public record ObservedQueue(ReviewQueue queue, AnswerIndex ledger, InstantSource clock)
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
    WilsonInterval share = ledger.accuracy().share();
    return share.total() == 0 ? Double.NaN : (double) share.right() / share.total();
  }

  @Override
  public double accuracyLow() {
    return ledger.accuracy().share().low();
  }

  @Override
  public double accuracyHigh() {
    return ledger.accuracy().share().high();
  }
}
