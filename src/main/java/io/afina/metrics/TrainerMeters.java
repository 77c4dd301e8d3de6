package io.afina.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Measures training: its time, its examples, the quality of heads and the verdicts on them. What
 * only a leader knows is shown by the leader alone: of what a former one knew, nothing is left.
 */
public final class TrainerMeters {

  private final MeterRegistry registry;
  private final AtomicInteger leads = new AtomicInteger();
  private final AtomicReference<Double> accuracy = new AtomicReference<>(Double.NaN);
  private final AtomicReference<Double> balanced = new AtomicReference<>(Double.NaN);
  private final AtomicReference<Double> novel = new AtomicReference<>(Double.NaN);
  private final AtomicInteger drifted = new AtomicInteger();
  private final AtomicInteger leftOut = new AtomicInteger();
  private final AtomicInteger untrained = new AtomicInteger();
  private final AtomicLong newest = new AtomicLong();
  private final AtomicReference<Double> unlearned = new AtomicReference<>(Double.NaN);
  private final Counter driftTrainings;
  private final MultiGauge examples;
  private final MultiGauge recall;
  private final MultiGauge suspects;
  private final MultiGauge suspectsOf;
  private final Counter rollbacks;
  private final Counter fenced;
  private final Timer training;
  private final Timer race;
  private final Timer labelToLive;

  /** Declares them. */
  public TrainerMeters(MeterRegistry registry) {
    this.registry = registry;
    gauge("afina.trainer.leads", leads::get, "1 while this trainer leads, 0 while it stands by.");
    declareQuality();
    declareDrift();
    declareExamples();
    driftTrainings =
        counter(
            "afina.drift.trainings",
            "Trainings that were begun early because the images had drifted.");
    examples = byLabel("afina.training.examples", "Training examples by label.");
    recall =
        byLabel(
            "afina.holdout.recall", "Recall of the newest head on the holdout by label, 0 to 1.");
    suspects = byLabel("afina.suspects", "Training examples whose labels look wrong, by label.");
    suspectsOf =
        byLabel(
            "afina.suspects.labeller",
            "Training examples whose labels look wrong, by who said the label.");
    training = Buckets.longTimer(registry, "afina.training", "Training and judging a head.");
    race =
        Buckets.longTimer(
            registry,
            "afina.training.race",
            "Trainings of a race between recipes of heads, by which one training takes longer.");
    fenced =
        counter(
            "afina.training.fenced",
            "Heads that were trained in vain, because another trainer had taken over meanwhile.");
    rollbacks = counter("afina.watchdog.rollbacks", "Champions that the watchdog took back.");
    labelToLive =
        Buckets.longTimer(
            registry,
            "afina.label.to.live",
            "From a correction to the promotion of a head that learned it.");
  }

  private void declareQuality() {
    gauge(
        "afina.holdout.accuracy",
        accuracy::get,
        "Share of the holdout that the newest head gets right, 0 to 1.");
    gauge(
        "afina.holdout.balanced.accuracy",
        balanced::get,
        "Mean over the labels of the newest head's recall on the holdout, 0 to 1.");
  }

  private void declareDrift() {
    gauge(
        "afina.drift.novel.share",
        novel::get,
        "Share of the champion's last predictions that are of novel images, 0 to 1, where the leading trainer acts on drift.");
    gauge(
        "afina.drift.noticed",
        drifted::get,
        "1 while the leading trainer, where it acts on drift, notices one.");
  }

  private void declareExamples() {
    gauge(
        "afina.training.labels.left.out",
        leftOut::get,
        "Labels that are not trained on, because there are more than trainer.maxLabels.");
    gauge(
        "afina.training.unlearned",
        unlearned::get,
        "Changes of training examples that no training has seen yet.");
    gauge(
        "afina.training.impossible",
        untrained::get,
        "1 while no head can be trained on the examples there are; afina models says why.");
    TimeGauge.builder("afina.training.last", newest, TimeUnit.MILLISECONDS, AtomicLong::get)
        .description(
            "When the newest head was trained, promoted or not, in seconds since 1970; 0 for never.")
        .register(registry);
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
    return rows("label", byLabel);
  }

  private static List<Row<?>> rows(String tag, Map<String, ? extends Number> by) {
    return by.entrySet().stream()
        .<Row<?>>map(entry -> Row.of(Tags.of(tag, entry.getKey()), entry.getValue()))
        .toList();
  }

  /** It leads from now on. */
  public void leads() {
    leads.set(1);
  }

  /** It leads no longer. */
  public void standsBy() {
    leads.set(0);
    examples(Map.of());
    leftOut(0);
    untrained(false);
    newest.set(0);
    unlearned.set(Double.NaN);
    measured(Double.NaN, Double.NaN, Map.of());
    suspects(Map.of(), Map.of());
  }

  /** So many examples are in no head yet. */
  public void unlearned(long examples) {
    unlearned.set((double) examples);
  }

  /** Whether no head can be trained on the examples there are. */
  public void untrained(boolean yes) {
    untrained.set(yes ? 1 : 0);
  }

  /** When the newest head was trained, promoted or not. */
  public void newest(Instant trained) {
    newest.set(trained.toEpochMilli());
  }

  /** A head was trained in vain: another trainer had taken over meanwhile. */
  public void fenced() {
    fenced.increment();
  }

  /** The examples there are now, by label. */
  public void examples(Map<String, Integer> byLabel) {
    examples.register(rows(LabelSeries.bounded(byLabel, count -> count, Integer::sum)), true);
  }

  /** The examples whose labels look wrong, by label and by who said it. */
  public void suspects(Map<String, Integer> byLabel, Map<String, Integer> byLabeller) {
    suspects.register(rows(LabelSeries.bounded(byLabel, count -> count, Integer::sum)), true);
    suspectsOf.register(
        rows("labeller", LabelSeries.bounded(byLabeller, count -> count, Integer::sum)), true);
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
  public void trained(Duration took) {
    training.record(took);
  }

  /** Recipes raced, which took so long. */
  public void raced(Duration took) {
    race.record(took);
  }

  /** How good the newest head is on the holdout; shares from 0 to 1. */
  public void measured(
      double holdoutAccuracy, double balancedAccuracy, Map<String, Recall> recalls) {
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
