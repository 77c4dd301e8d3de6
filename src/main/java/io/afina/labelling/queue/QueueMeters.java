package io.afina.labelling.queue;

import io.afina.metrics.LabelSeries;
import io.afina.metrics.LabellingMeters;
import io.afina.metrics.LabellingMeters.Share;
import io.afina.model.WilsonInterval;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/** Shows the queue and the accuracy by its answers in the meters. Safe for any thread. */
public final class QueueMeters {

  private static final double MILLIS_PER_SECOND = 1000;

  private final AnswerIndex answers;
  private final LabellingMeters meters;
  private Map<String, WilsonInterval> shown = Map.of();

  public QueueMeters(
      ReviewQueue queue, AnswerIndex answers, InstantSource clock, LabellingMeters meters) {
    this.answers = answers;
    this.meters = meters;
    meters.observe(
        () -> queue.size().open(),
        () -> oldestSeconds(queue, clock.millis()),
        () -> share(answers.accuracy().share()),
        () -> share(answers.decided().precision()));
  }

  /** Shows the audited accuracy of each label anew, if it is different. */
  public synchronized void changed() {
    Map<String, WilsonInterval> now = answers.auditedByLabel();
    if (!now.equals(shown)) {
      shown = now;
      Map<String, Share> shares = new TreeMap<>();
      LabelSeries.bounded(now, WilsonInterval::total, QueueMeters::together)
          .forEach((label, interval) -> shares.put(label, share(interval)));
      meters.audited(shares);
    }
  }

  private static double oldestSeconds(ReviewQueue queue, long now) {
    return Math.max(0, now - queue.oldest().orElse(now)) / MILLIS_PER_SECOND;
  }

  private static WilsonInterval together(WilsonInterval one, WilsonInterval other) {
    return WilsonInterval.of(one.right() + other.right(), one.total() + other.total());
  }

  private static Share share(WilsonInterval interval) {
    double value =
        interval.total() == 0 ? Double.NaN : (double) interval.right() / interval.total();
    return new Share(value, interval.low(), interval.high());
  }
}
