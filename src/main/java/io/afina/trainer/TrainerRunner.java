package io.afina.trainer;

import io.afina.config.AfinaConfig;
import io.afina.config.TrainerConfig;
import io.afina.event.AliasRecord;
import io.afina.event.ModelKey;
import io.afina.kafka.PassingErrors;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.Worker;
import io.afina.metrics.TrainerMeters;
import io.afina.model.Head;
import io.afina.model.ModelLog;
import io.afina.model.ModelWriter;
import io.afina.trainer.TrainingRun.Task;
import io.afina.trainer.data.Consensus;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.Dataset.Selection;
import io.afina.trainer.data.ExampleLog;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.judge.HeadReader;
import io.afina.trainer.judge.LiveJudge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the trainer: follows the training examples and, while it leads, trains a candidate when
 * enough are new, evaluates it, and promotes it if it passes the gate. A trainer that stands by
 * keeps its dataset up to date.
 */
public final class TrainerRunner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TrainerRunner.class);
  private static final Duration POLL = Duration.ofMillis(50);

  /** Between two attempts to take over. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final AfinaConfig config;
  private final Closer closer = new Closer();
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> shownReady = ready.copy();
  private final Dataset dataset;
  private final TrainerConfig settings;
  private final CandidateTrainer candidates;
  private final ExampleLog examples;
  private final ModelLog models;
  private final DeclaredLabels labels;
  private final Leadership leadership;
  private final Worker worker;
  private final HeadReader heads;
  private final TrainerMeters meters;
  private final LiveJudge judge;
  private final DriftMonitor drift;
  private final TrainingReport report;
  private final TrainingRun run;
  private final UpgradeSchedule upgrades;
  private @Nullable ModelWriter writer;
  private long judged;
  private long lastTraining = System.nanoTime();
  private long notBefore = lastTraining;

  /** Starts the trainer's thread. */
  public TrainerRunner(AfinaConfig config, MeterRegistry registry, Tracer tracer) {
    this(config, registry, tracer, new CandidateTrainer(config.trainer(), config.decide()));
  }

  TrainerRunner(
      AfinaConfig config, MeterRegistry registry, Tracer tracer, CandidateTrainer candidates) {
    meters = new TrainerMeters(registry);
    this.config = config;
    settings = config.trainer();
    this.candidates = candidates;
    dataset = new Dataset(Consensus.of(settings.consensus()));
    try {
      labels = closer.own(new DeclaredLabels(config));
      dataset.called(labels.table());
      examples = closer.own(new ExampleLog(config, dataset, Map.of()));
      models = closer.own(ModelLog.open(config));
      heads = new HeadReader(models);
      report = new TrainingReport(settings, models, meters);
      run =
          new TrainingRun(
              settings, dataset, examples, models, heads, candidates, report, labels, tracer);
      upgrades = closer.own(new UpgradeSchedule(config, models, dataset, examples));
      judge = new LiveJudge(settings, heads, meters::rolledBack);
      drift = closer.own(new DriftMonitor(config, meters));
      leadership = closer.own(new Leadership(config));
      worker = closer.own(new Worker("afina-trainer", this::run, () -> running.set(false)));
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  /** Completes once the trainer has read all examples and can train. */
  public CompletableFuture<Void> ready() {
    return shownReady;
  }

  /** Completes when the trainer stopped; exceptionally when it failed. */
  public CompletableFuture<Void> ended() {
    return worker.ended();
  }

  @Override
  public void close() {
    closer.close();
  }

  private void run() {
    candidates.warmUp();
    examples.readToEnd();
    LOG.atInfo().addKeyValue("examples", dataset.size()).log("read the training examples");
    ready.complete(null);
    leadership.stand();
    while (running.get()) {
      examples.poll(POLL);
      models.poll(Duration.ZERO);
      labels.poll().ifPresent(dataset::called);
      lead();
    }
    resign();
  }

  private void lead() {
    if (!leadership.leads()) {
      resign();
      return;
    }
    if (writer == null && System.nanoTime() - notBefore < 0) {
      return;
    }
    try {
      ModelWriter leader = writer == null ? takeOver() : writer;
      if (judged != examples.records() && judge.isNeeded()) {
        judged = examples.records();
        judge.judge(leader, dataset);
      }
      drift.poll(models.alias(ModelKey.CHAMPION).map(AliasRecord::version).orElse(0L));
      if (isDue()) {
        train(leader);
      }
      if (!judge.isOnTrial()) {
        champions().flatMap(upgrades::due).ifPresent(backbone -> upgrade(leader, backbone));
      }
      meters.unlearned(examples.fresh(backbone()));
      run.doubt(leader, () -> select(backbone()).examples());
    } catch (KafkaException e) {
      if (writer == null && !isPassing(e)) {
        throw e;
      }
      if (writer != null && isFenced(e)) {
        meters.fenced();
      }
      LOG.atWarn()
          .addKeyValue("why", e.toString())
          .log("nothing published, stands for election again");
      notBefore = System.nanoTime() + (writer == null ? RETRY.toNanos() : 0);
      resign();
      leadership.stepDown();
    }
  }

  /**
   * Whether the next attempt to take over may do better: a broker was away, or somebody was faster.
   */
  private static boolean isPassing(KafkaException e) {
    return PassingErrors.isCauseOf(e) || isFenced(e);
  }

  private static boolean isFenced(KafkaException e) {
    return e instanceof ProducerFencedException || e instanceof InvalidProducerEpochException;
  }

  /** Opening the writer fences the previous leader, and reads all that it had committed. */
  private ModelWriter takeOver() {
    ModelWriter opened = new ModelWriter(config, models);
    writer = opened;
    judged = 0;
    examples.learned(backbone(), learnedOffsets());
    heads.at(ModelKey.CHAMPION).ifPresent(head -> labels.declare(head.card().labels()));
    report.takesOver(dataset, heads.newest());
    LOG.atInfo()
        .addKeyValue("newest", models.newest())
        .addKeyValue("unlearned", examples.fresh(backbone()))
        .log("leads the trainers");
    return opened;
  }

  private void resign() {
    if (writer != null) {
      writer.close();
      writer = null;
      upgrades.close();
      drift.close();
      meters.standsBy();
      LOG.atInfo().log("leads no longer");
    }
  }

  /** The offsets up to which the champion has learned, where a new leader begins. */
  private Map<Integer, Long> learnedOffsets() {
    return heads.at(ModelKey.CHAMPION).map(h -> h.card().training().offsets()).orElse(Map.of());
  }

  private boolean isDue() {
    if (judge.isOnTrial()) {
      return false;
    }
    long fresh = examples.fresh(backbone());
    long since = System.nanoTime() - lastTraining;
    if (fresh >= settings.minNewExamples()
        || (fresh > 0 && since >= settings.interval().toNanos())) {
      return true;
    }
    boolean early = drift.isTrainingDue(fresh, since);
    if (early) {
      meters.trainsOnDrift();
      LOG.atInfo().addKeyValue("unlearned", fresh).log("trains early because of drift");
    }
    return early;
  }

  private void train(ModelWriter leader) {
    Map<Integer, Long> upTo = examples.offsets();
    lastTraining = System.nanoTime();
    String backbone = backbone();
    Selection selection = select(backbone);
    report
        .selected(leader, dataset, selection)
        .ifPresent(
            all ->
                run.run(
                    leader,
                    new Task(
                        all,
                        selection.leftOut(),
                        upTo,
                        champion(all).filter(head -> head.card().backbone().equals(all.backbone())),
                        verdict -> verdict)));
    examples.learned(backbone, upTo);
  }

  /** Trains a head of the backbone that is to replace the champion's, beside it. */
  private void upgrade(ModelWriter leader, String backbone) {
    Map<Integer, Long> upTo = examples.offsets();
    Selection selection = select(backbone);
    report
        .selectedBeside(backbone, selection)
        .ifPresent(
            all ->
                run.run(
                    leader,
                    new Task(all, selection.leftOut(), upTo, champion(all), upgrades::verdict)));
    upgrades.trained(upTo);
  }

  private Selection select(String backbone) {
    return dataset.select(List.of(backbone), settings.minExamplesPerLabel(), settings.maxLabels());
  }

  private Optional<Head> champion(ExampleSet all) {
    return heads.at(ModelKey.CHAMPION).filter(head -> all.suit(head.card()));
  }

  /**
   * The backbone that the answering heads are trained for. Where the registry names backbones, the
   * champion decides; where it names none, classifiers run the one that they are started with.
   */
  private String backbone() {
    return Optional.of(models.backbones())
        .filter(named -> !named.isEmpty())
        .flatMap(named -> champions())
        .or(dataset::newestBackbone)
        .orElse("");
  }

  private Optional<String> champions() {
    return heads.at(ModelKey.CHAMPION).map(head -> head.card().backbone());
  }
}
