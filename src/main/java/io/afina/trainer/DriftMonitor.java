package io.afina.trainer;

import io.afina.config.AfinaConfig;
import io.afina.config.TrainerConfig;
import io.afina.event.Prediction;
import io.afina.metrics.TrainerMeters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a leader act on drift, where that is configured: it reads what the champion says of today's
 * pictures and lowers the number of new examples that a training needs. For one thread.
 */
final class DriftMonitor implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DriftMonitor.class);

  private final AfinaConfig config;
  private final TrainerConfig settings;
  private final TrainerMeters meters;
  private final DriftDetector drift;
  private @Nullable PredictionFeed feed;

  DriftMonitor(AfinaConfig config, TrainerMeters meters) {
    this.config = config;
    this.settings = config.trainer();
    this.meters = meters;
    this.drift =
        new DriftDetector(
            config.review().noveltyQuantile(), settings.driftShare(), settings.driftWindow());
  }

  /**
   * Looks at what was predicted meanwhile.
   *
   * @param champion version of the head that answers now; 0 for none
   */
  void poll(long champion) {
    if (!settings.trainOnDrift()) {
      return;
    }
    boolean before = drift.isNoticed();
    answers(champion);
    if (feed == null) {
      feed = new PredictionFeed(config);
    }
    feed.poll(this::observe);
    meters.drift(drift.share(), drift.isNoticed());
    if (drift.isNoticed() != before) {
      LOG.atWarn()
          .addKeyValue("champion", champion)
          .addKeyValue("noticed", drift.isNoticed())
          .addKeyValue("novel", drift.share())
          .log("drift");
    }
  }

  void answers(long champion) {
    drift.answers(champion);
  }

  void observe(Prediction prediction) {
    if (prediction.head() != null && prediction.novelty() != null) {
      drift.predicted(prediction.head(), prediction.novelty());
    }
  }

  /**
   * Whether so many new examples are worth a training although fewer than usual.
   *
   * @param nanos since the last training
   */
  boolean wants(long fresh, long nanos) {
    return drift.isNoticed()
        && fresh >= settings.driftExamples()
        && nanos >= settings.driftInterval().toNanos();
  }

  /** Stops reading, for one that leads no longer; it may begin anew. */
  @Override
  public void close() {
    if (feed != null) {
      feed.close();
      feed = null;
    }
    drift.answers(0);
    meters.drift(Double.NaN, false);
  }
}
