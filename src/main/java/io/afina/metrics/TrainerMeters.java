package io.afina.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Measures training: its time, its examples, the quality of heads and the verdicts on them. */
public final class TrainerMeters {

  private final MeterRegistry registry;
  private final AtomicInteger leads = new AtomicInteger();
  private final AtomicReference<Double> accuracy = new AtomicReference<>(Double.NaN);
  private final AtomicReference<Double> balanced = new AtomicReference<>(Double.NaN);
  private final AtomicReference<Double> novel = new AtomicReference<>(Double.NaN);
  private final AtomicInteger drifted = new AtomicInteger();
  private final AtomicInteger leftOut = new AtomicInteger();
  private final Counter driftTrainings;
  private final MultiGauge examples;
  private final MultiGauge recall;
  private final Counter rollbacks;
  private final Timer training;
  private final Timer labelToLive;

  /** Declares them. */
  public TrainerMeters(MeterRegistry registry) {
    this.registry = registry;
    gauge("afina.trainer.leads", leads::get, "1 while this trainer leads, 0 while it stands by.");
    gauge(
        "afina.holdout.accuracy",
        accuracy::get,
        "Share of the holdout that the newest head gets right, 0 to 1.");
    gauge(
        "afina.holdout.balanced.accuracy",
        balanced::get,
        "Mean over the labels of the newest head's recall on the holdout, 0 to 1.");
    gauge(
        "afina.drift.novel.share",
        novel::get,
        "Share of the champion's last predictions that are of novel images, 0 to 1, where the leading trainer acts on drift.");
    gauge(
        "afina.drift.noticed",
        drifted::get,
        "1 while the leading trainer, where it acts on drift, notices one.");
    driftTrainings =
        counter(
            "afina.drift.trainings",
            "Trainings that were begun early because the images had drifted.");
    examples = byLabel("afina.training.examples", "Training examples by label.");
    gauge(
        "afina.training.labels.left.out",
        leftOut::get,
        "Labels that are not trained on, because there are more than trainer.maxLabels.");
    recall =
        byLabel(
            "afina.holdout.recall", "Recall of the newest head on the holdout by label, 0 to 1.");
    training = Buckets.longTimer(registry, "afina.training", "Training and judging a head.");
    rollbacks = counter("afina.watchdog.rollbacks", "Champions that the watchdog took back.");
    labelToLive =
        Buckets.longTimer(
            registry,
            "afina.label.to.live",
            "From a correction to the promotion of a head that learned it.");
  }

  private void gauge(String name, Supplier<Number> value, String description) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private MultiGauge byLabel(String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  private static List<Row<?>> rows(Map<String, ? extends Number> byLabel) {
    return byLabel.entrySet().stream()
        .<Row<?>>map(entry -> Row.of(Tags.of("label", entry.getKey()), entry.getValue()))
        .toList();
  }

  /** Whether it leads. */
  public void leads(boolean yes) {
    leads.set(yes ? 1 : 0);
  }

  /** The examples there are now, by label. */
  public void examples(Map<String, Integer> byLabel) {
    examples.register(rows(LabelSeries.bounded(byLabel, count -> count, Integer::sum)), true);
  }

  /** So many labels cannot be trained on, because there are more than a head may have. */
  public void leftOut(int labels) {
    leftOut.set(labels);
  }

  /**
   * Recall of a label.
   *
   * @param examples that it was measured on
   * @param share of them that is right, 0 to 1
   */
  public record Recall(int examples, double share) {

    private Recall with(Recall other) {
      int all = examples + other.examples;
      return new Recall(all, (share * examples + other.share * other.examples) / Math.max(1, all));
    }
  }

  /** A head was trained and judged. */
  public void trained(
      Duration took, double holdoutAccuracy, double balancedAccuracy, Map<String, Recall> recalls) {
    training.record(took);
    accuracy.set(holdoutAccuracy);
    balanced.set(balancedAccuracy);
    Map<String, Double> shares = new TreeMap<>();
    LabelSeries.bounded(recalls, Recall::examples, Recall::with)
        .forEach((label, one) -> shares.put(label, one.share()));
    recall.register(rows(shares), true);
  }

  /** A head was published with this decision, such as {@code promoted} or {@code rejected}. */
  public void published(String decision) {
    Counter.builder("afina.heads.published")
        .description("Heads by what became of them when they were published.")
        .tag("decision", decision)
        .register(registry)
        .increment();
  }

  /** A label that is so old answers from now on. */
  public void live(Duration age) {
    labelToLive.record(age.isNegative() ? Duration.ZERO : age);
  }

  /**
   * How much the images have drifted from what the champion was trained on.
   *
   * @param novelShare of its last predictions, 0 to 1; not a number while that is not known
   */
  public void drift(double novelShare, boolean noticed) {
    novel.set(novelShare);
    drifted.set(noticed ? 1 : 0);
  }

  /** A training begins that drift asked for. */
  public void trainsOnDrift() {
    driftTrainings.increment();
  }

  /** The watchdog took a champion back. */
  public void rolledBack() {
    rollbacks.increment();
  }
}
