package io.afina.trainer.judge;

import io.afina.config.TrainerConfig;
import io.afina.decide.Acceptance;
import io.afina.decide.DoubtRecord;
import io.afina.decide.JudgedAnswer;
import io.afina.decide.LiveCorrection;
import io.afina.event.ModelKey;
import io.afina.model.Head;
import io.afina.model.ModelWriter;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges heads by the corrections that came after they were trained; by the random sample alone,
 * once it is large enough. A challenger on trial is promoted or dismissed after enough corrections;
 * the watchdog rolls a champion back that is worse than the one before it. Heads of two backbones
 * are compared by what has embeddings of both. Where something is promised, the champion's
 * thresholds are corrected. For one thread.
 *
 * @param onRollback run when the watchdog has rolled a champion back
 */
public record LiveJudge(TrainerConfig settings, HeadReader heads, Runnable onRollback) {

  private static final Logger LOG = LoggerFactory.getLogger(LiveJudge.class);
  private static final String WHO = "trainer";

  /** A smaller change of what is left of the doubt is not written. */
  private static final double WORTH_A_RECORD = 0.05;

  /** Whether a challenger is on trial, which a new one would replace before it was judged. */
  public boolean isOnTrial() {
    return settings.promote() == TrainerConfig.Promote.SHADOW
        && heads.at(ModelKey.CHALLENGER).isPresent();
  }

  /** Whether there is anything to judge. */
  public boolean isNeeded() {
    return isOnTrial() || settings.watchdog() || acceptance().isPresent();
  }

  /** Judges by the corrections so far, and moves the aliases accordingly. */
  public void judge(ModelWriter writer, Dataset examples) {
    if (isOnTrial()) {
      tryChallenger(writer, examples);
    }
    if (settings.watchdog()) {
      watch(writer, examples);
    }
    acceptance().ifPresent(acceptance -> correct(acceptance, writer, examples));
  }

  private Optional<Acceptance> acceptance() {
    return heads.at(ModelKey.CHAMPION).map(head -> head.card().acceptance());
  }

  /**
   * Corrects the champion's thresholds by the random sample that came after it was trained, while
   * no other head takes its place.
   */
  private void correct(Acceptance acceptance, ModelWriter writer, Dataset examples) {
    Head champion = heads.at(ModelKey.CHAMPION).orElseThrow();
    ExampleSet unseen =
        examples
            .examples(List.of(champion.card().backbone()))
            .filter(all -> all.suit(champion.card()))
            .map(all -> all.newTo(champion.card()).audited())
            .filter(all -> all.size() > 0)
            .orElse(null);
    if (unseen == null) {
      return;
    }
    List<JudgedAnswer> answers =
        Evaluation.of(champion, unseen).answers(unseen, champion.card().temperature()).stream()
            .sorted(Comparator.comparingLong(JudgedAnswer::arrived))
            .toList();
    double doubt = LiveCorrection.doubt(acceptance, answers);
    double published =
        heads.doubt(champion.version()).map(DoubtRecord::doubt).orElse(acceptance.doubt());
    if (Math.abs(Math.log(doubt / published)) > WORTH_A_RECORD) {
      writer.correct(champion.version(), new DoubtRecord(doubt, answers.size(), Instant.now()));
    }
  }

  private void tryChallenger(ModelWriter writer, Dataset examples) {
    compare(
            ModelKey.CHALLENGER,
            ModelKey.CHAMPION,
            examples,
            settings.shadowCorrections(),
            Integer.MAX_VALUE)
        .ifPresent(trial -> end(trial, writer));
  }

  private void end(HeadComparison trial, ModelWriter writer) {
    long challenger = version(ModelKey.CHALLENGER);
    String why =
        "as challenger right in %.1f %% of %s, the champion in %.1f %%"
            .formatted(100 * trial.first(), trial.description(), 100 * trial.second());
    LOG.atInfo().addKeyValue("challenger", challenger).addKeyValue("why", why).log("trial ended");
    if (trial.first() >= trial.second() && !heads.isPinned()) {
      writer.promote(challenger, WHO, why);
    } else {
      writer.dismissChallenger(WHO, why);
    }
  }

  private void watch(ModelWriter writer, Dataset examples) {
    int window = settings.watchdogWindow();
    compare(ModelKey.CHAMPION, ModelKey.PREVIOUS, examples, window, window)
        .filter(live -> live.second() - live.first() > settings.watchdogLimit())
        .ifPresent(live -> rollback(live, writer));
  }

  private void rollback(HeadComparison live, ModelWriter writer) {
    String why =
        "watchdog: head %d is right in %.1f %% of the last %s, the one before it in %.1f %%"
            .formatted(
                version(ModelKey.CHAMPION),
                100 * live.first(),
                live.description(),
                100 * live.second());
    LOG.atWarn()
        .addKeyValue("why", why)
        .log("rolls back and holds promotions until it is unpinned");
    writer.rollback(WHO, why, true);
    onRollback.run();
  }

  private Optional<HeadComparison> compare(
      ModelKey.Alias first, ModelKey.Alias second, Dataset examples, int least, int most) {
    return heads
        .at(first)
        .flatMap(one -> heads.at(second).flatMap(two -> compare(one, two, examples, least, most)));
  }

  private Optional<HeadComparison> compare(
      Head one, Head two, Dataset examples, int least, int most) {
    return examples
        .examples(List.of(one.card().backbone(), two.card().backbone()))
        .filter(all -> all.suit(one.card()) && all.suit(two.card()))
        .flatMap(
            all -> HeadComparison.between(one, two, all, least, most, settings.auditCorrections()));
  }

  private long version(ModelKey.Alias alias) {
    return heads.at(alias).map(Head::version).orElse(0L);
  }
}
