package io.afina.trainer;

import io.afina.config.AfinaConfig;
import io.afina.config.TrainerConfig;
import io.afina.event.AliasRecord;
import io.afina.event.ModelKey;
import io.afina.kafka.PassingErrors;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.Worker;
import io.afina.metrics.Traces;
import io.afina.metrics.TrainerMeters;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.LeftOut;
import io.afina.model.ModelLog;
import io.afina.model.ModelWriter;
import io.afina.model.Verdict;
import io.afina.trainer.CandidateTrainer.Candidate;
import io.afina.trainer.data.Consensus;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.Dataset.Selection;
import io.afina.trainer.data.ExampleLog;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.judge.Gate;
import io.afina.trainer.judge.HeadReader;
import io.afina.trainer.judge.LiveJudge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Span;
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
  private static final String WHO = "trainer";
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
  private final Gate gate;
  private final ExampleLog examples;
  private final ModelLog models;
  private final Leadership leadership;
  private final Worker worker;
  private final HeadReader heads;
  private final TrainerMeters meters;
  private final Tracer tracer;
  private final LiveJudge judge;
  private final DriftMonitor drift;
  private final TrainingReport report;
  private @Nullable ModelWriter writer;
  private long judged;
  private long lastTraining = System.nanoTime();
  private long notBefore = lastTraining;

  /** Starts the trainer's thread. */
  public TrainerRunner(AfinaConfig config, MeterRegistry registry, Tracer tracer) {
    this(config, registry, tracer, new CandidateTrainer(config.trainer()));
  }

  TrainerRunner(
      AfinaConfig config, MeterRegistry registry, Tracer tracer, CandidateTrainer candidates) {
    meters = new TrainerMeters(registry);
    this.tracer = tracer;
    this.config = config;
    settings = config.trainer();
    this.candidates = candidates;
    gate = new Gate(settings.maxAccuracyLoss(), settings.maxLabelRegression());
    dataset = new Dataset(Consensus.of(settings.consensus()));
    try {
      examples = closer.own(new ExampleLog(config, dataset, Map.of()));
      models = closer.own(ModelLog.open(config));
      heads = new HeadReader(models);
      report = new TrainingReport(settings, models, meters);
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
      meters.unlearned(examples.fresh());
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
    examples.learned(learnedOffsets());
    report.takesOver(dataset, heads.newest());
    LOG.atInfo()
        .addKeyValue("newest", models.newest())
        .addKeyValue("unlearned", examples.fresh())
        .log("leads the trainers");
    return opened;
  }

  private void resign() {
    if (writer != null) {
      writer.close();
      writer = null;
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
    long fresh = examples.fresh();
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
    List<String> backbone = dataset.newestBackbone().stream().toList();
    Selection selection =
        dataset.select(backbone, settings.minExamplesPerLabel(), settings.maxLabels());
    report
        .selected(leader, dataset, selection)
        .ifPresent(
            all ->
                Traces.in(
                    examples.span(tracer, "head"),
                    () -> learn(leader, all, selection.leftOut(), upTo)));
    examples.learned(upTo);
  }

  private void learn(
      ModelWriter leader, ExampleSet all, @Nullable LeftOut leftOut, Map<Integer, Long> upTo) {
    Head head = candidate(all, leftOut, upTo);
    HeadCard card = head.card();
    Span.current()
        .setAttribute("afina.head.version", head.version())
        .setAttribute("afina.examples", card.training().examples())
        .setAttribute("afina.decision", card.verdict().decision().text())
        .setAttribute("afina.why", card.verdict().why());
    Traces.in(tracer.spanBuilder("publish").startSpan(), () -> publish(leader, head));
    report.published(head, examples);
  }

  private Head candidate(ExampleSet all, @Nullable LeftOut leftOut, Map<Integer, Long> upTo) {
    long start = System.nanoTime();
    Optional<Head> champion =
        heads
            .at(ModelKey.CHAMPION)
            .filter(head -> head.card().backbone().equals(all.backbone()) && all.suit(head.card()));
    Candidate candidate =
        Traces.in(tracer.spanBuilder("train").startSpan(), () -> candidates.train(all, champion));
    double seconds = (System.nanoTime() - start) / 1e9;
    candidate.choice().held().ifPresent(report::raced);
    Verdict verdict =
        Traces.in(
            tracer.spanBuilder("judge").startSpan(),
            () ->
                gate.verdict(
                    candidate.measures(),
                    candidate.paired(),
                    heads.isPinned(),
                    settings.promote()));
    return candidates.head(
        candidate, models.newest() + 1, upTo, dataset.disagreement(), leftOut, seconds, verdict);
  }

  private void publish(ModelWriter leader, Head head) {
    Verdict verdict = head.card().verdict();
    switch (verdict.decision()) {
      case PROMOTED -> leader.promote(head, WHO, verdict.why());
      case CHALLENGER -> leader.challenge(head, WHO, verdict.why());
      default -> leader.publish(head);
    }
    LOG.atInfo()
        .addKeyValue("version", head.version())
        .addKeyValue("decision", verdict.decision().text())
        .addKeyValue("why", verdict.why())
        .addKeyValue("examples", head.card().training().examples())
        .addKeyValue("labels", head.card().labels().size())
        .addKeyValue("seconds", head.card().training().seconds())
        .log("head published");
  }
}
