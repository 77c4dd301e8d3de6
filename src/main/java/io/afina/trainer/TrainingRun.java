package io.afina.trainer;

import io.afina.config.TrainerConfig;
import io.afina.config.TrainerConfig.SuspectUse;
import io.afina.metrics.Traces;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.LeftOut;
import io.afina.model.ModelLog;
import io.afina.model.ModelWriter;
import io.afina.model.Verdict;
import io.afina.suspect.Suspects;
import io.afina.trainer.CandidateTrainer.Candidate;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleLog;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.judge.Gate;
import io.afina.trainer.judge.HeadReader;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a training: has a candidate trained and evaluated beside the champion, asks the gate, and
 * publishes the head. For one thread.
 */
record TrainingRun(
    TrainerConfig settings,
    Dataset dataset,
    ExampleLog examples,
    ModelLog models,
    HeadReader heads,
    CandidateTrainer candidates,
    SuspectSchedule doubts,
    TrainingReport report,
    DeclaredLabels labels,
    Tracer tracer) {

  private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);
  private static final String WHO = "trainer";

  /** One that has not searched yet for labels that look wrong. */
  TrainingRun(
      TrainerConfig settings,
      Dataset dataset,
      ExampleLog examples,
      ModelLog models,
      HeadReader heads,
      CandidateTrainer candidates,
      TrainingReport report,
      DeclaredLabels labels,
      Tracer tracer) {
    this(
        settings,
        dataset,
        examples,
        models,
        heads,
        candidates,
        new SuspectSchedule(),
        report,
        labels,
        tracer);
  }

  /**
   * What is to be trained.
   *
   * @param all the examples
   * @param leftOut labels that the head cannot have, or null
   * @param upTo the offsets of {@code training} before which it learns
   * @param champion that it is compared with, or empty
   * @param verdict what becomes of the gate's
   */
  record Task(
      ExampleSet all,
      @Nullable LeftOut leftOut,
      Map<Integer, Long> upTo,
      Optional<Head> champion,
      UnaryOperator<Verdict> verdict) {

    Task on(ExampleSet others) {
      return new Task(others, leftOut, upTo, champion, verdict);
    }
  }

  /** Trains and publishes. */
  void run(ModelWriter leader, Task task) {
    Traces.in(examples.span(tracer, "head"), () -> traced(leader, task));
  }

  private void traced(ModelWriter leader, Task task) {
    // Who leaves them out must know them first; else nobody waits for them.
    Optional<Suspects> found =
        settings.suspects() == SuspectUse.LEAVE_OUT
            ? Optional.of(search(task.all()))
            : Optional.empty();
    Head head =
        head(
            found
                .map(suspects -> task.on(candidates.suspects().others(task.all(), suspects)))
                .orElse(task));
    HeadCard card = head.card();
    Span.current()
        .setAttribute("afina.head.version", head.version())
        .setAttribute("afina.examples", card.training().examples())
        .setAttribute("afina.decision", card.verdict().decision().text())
        .setAttribute("afina.why", card.verdict().why());
    labels.declare(card.labels());
    Traces.in(tracer.spanBuilder("publish").startSpan(), () -> publish(leader, head));
    report.published(head, examples);
    found.ifPresentOrElse(suspects -> publish(leader, suspects), doubts::trained);
  }

  /**
   * Searches for labels that look wrong, if it is time.
   *
   * @param all the examples
   */
  void doubt(ModelWriter leader, Supplier<Optional<ExampleSet>> all) {
    if (doubts.isDue()) {
      all.get().map(this::search).ifPresent(found -> publish(leader, found));
    }
  }

  private Suspects search(ExampleSet all) {
    return Traces.in(
        tracer.spanBuilder("doubt").startSpan(),
        () -> doubts.timed(() -> candidates.suspects().search(all)));
  }

  private void publish(ModelWriter leader, Suspects found) {
    if (!found.all().isEmpty() || models.suspects().isPresent()) {
      leader.suspects(found);
      report.suspects(found);
    }
  }

  private Head head(Task task) {
    long start = System.nanoTime();
    Candidate candidate =
        Traces.in(
            tracer.spanBuilder("train").startSpan(),
            () -> candidates.train(task.all(), task.champion()));
    double seconds = (System.nanoTime() - start) / 1e9;
    candidate.choice().held().ifPresent(report::raced);
    Verdict verdict = Traces.in(tracer.spanBuilder("judge").startSpan(), () -> verdict(candidate));
    return candidates.head(
        candidate,
        models.newest() + 1,
        task.upTo(),
        dataset.disagreement(),
        task.leftOut(),
        seconds,
        task.verdict().apply(verdict));
  }

  private Verdict verdict(Candidate candidate) {
    return new Gate(settings.maxAccuracyLoss(), settings.maxLabelRegression())
        .verdict(candidate.measures(), candidate.paired(), heads.isPinned(), settings.promote());
  }

  private static void publish(ModelWriter leader, Head head) {
    Verdict verdict = head.card().verdict();
    switch (verdict.decision()) {
      case PROMOTED -> leader.promote(head, WHO, verdict.why());
      case CHALLENGER -> leader.challenge(head, WHO, verdict.why());
      default -> leader.publish(head);
    }
    LOG.atInfo()
        .addKeyValue("version", head.version())
        .addKeyValue("backbone", head.card().backbone())
        .addKeyValue("decision", verdict.decision().text())
        .addKeyValue("why", verdict.why())
        .addKeyValue("examples", head.card().training().examples())
        .addKeyValue("labels", head.card().labels().size())
        .addKeyValue("seconds", head.card().training().seconds())
        .log("head published");
  }
}
