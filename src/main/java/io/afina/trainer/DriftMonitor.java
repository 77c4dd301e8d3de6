package io.afina.trainer;

import io.afina.config.AfinaConfig;
import io.afina.config.TrainerConfig;
import io.afina.event.Prediction;
import io.afina.metrics.TrainerMeters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Monitors the champion's predictions for drift, where that is configured, and lowers the number of
 * new examples that a training needs meanwhile. For one thread.
 */
final class DriftMonitor implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DriftMonitor.class);

  private final AfinaConfig config;
  private final TrainerConfig settings;
  private final TrainerMeters meters;
  final DriftDetector drift;
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
   * Reads the latest predictions.
   *
   * @param champion version of the champion; 0 for none
   */
  void poll(long champion) {
    if (!settings.trainOnDrift()) {
      return;
    }
    boolean before = drift.isDrifting();
    drift.champion(champion);
    if (feed == null) {
      feed = new PredictionFeed(config);
    }
    feed.poll(this::observe);
    meters.drift(drift.share(), drift.isDrifting());
    if (drift.isDrifting() != before) {
      LOG.atWarn()
          .addKeyValue("champion", champion)
          .addKeyValue("noticed", drift.isDrifting())
          .addKeyValue("novel", drift.share())
          .log("drift");
    }
  }

  void observe(Prediction prediction) {
    if (prediction.head() != null && prediction.novelty() != null) {
      drift.add(prediction.head(), prediction.novelty());
    }
  }

  /**
   * Whether drift makes a training due although few examples are new.
   *
   * @param nanos since the last training
   */
  boolean isTrainingDue(long fresh, long nanos) {
    return drift.isDrifting()
        && fresh >= settings.driftExamples()
        && nanos >= settings.driftInterval().toNanos();
  }

  /** Stops reading when the trainer no longer leads; it may begin anew. */
  @Override
  public void close() {
    if (feed != null) {
      feed.close();
      feed = null;
    }
    drift.champion(0);
    meters.drift(Double.NaN, false);
  }
}
