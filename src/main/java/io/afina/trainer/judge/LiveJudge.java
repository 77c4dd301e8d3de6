package io.afina.trainer.judge;

import io.afina.config.TrainerConfig;
import io.afina.event.ModelKey;
import io.afina.model.Head;
import io.afina.model.ModelWriter;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.judge.HeadComparison.Terms;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges heads by the corrections that came after they were trained; by those of pictures drawn by
 * chance alone, once there are enough. A challenger on trial becomes the champion, or is dismissed,
 * after enough of them; the watchdog takes a champion back that is worse than the one before it.
 * For one thread.
 */
public final class LiveJudge {

  private static final Logger LOG = LoggerFactory.getLogger(LiveJudge.class);
  private static final String WHO = "trainer";

  private final TrainerConfig settings;
  private final HeadReader heads;
  private final Runnable rolledBack;

  /**
   * A judge by these settings.
   *
   * @param rolledBack told when the watchdog took a champion back
   */
  public LiveJudge(TrainerConfig settings, HeadReader heads, Runnable rolledBack) {
    this.rolledBack = rolledBack;
    this.settings = settings;
    this.heads = heads;
  }

  /** Whether a challenger is on trial: another one would take its place before it was judged. */
  public boolean isOnTrial() {
    return settings.promote() == TrainerConfig.Promote.SHADOW
        && heads.at(ModelKey.CHALLENGER).isPresent();
  }

  /** Whether there is anything to judge. */
  public boolean isNeeded() {
    return isOnTrial() || settings.watchdog();
  }

  /** Looks at the corrections so far, and moves the aliases if they say so. */
  public void judge(ModelWriter writer, ExampleSet all) {
    if (isOnTrial()) {
      tryChallenger(writer, all);
    }
    if (settings.watchdog()) {
      watch(writer, all);
    }
  }

  private void tryChallenger(ModelWriter writer, ExampleSet all) {
    Optional<Head> challenger = heads.at(ModelKey.CHALLENGER);
    Optional<HeadComparison> duel =
        duel(
            challenger,
            heads.at(ModelKey.CHAMPION),
            all,
            terms(settings.shadowCorrections(), Integer.MAX_VALUE));
    if (duel.isEmpty()) {
      return;
    }
    HeadComparison trial = duel.get();
    String why =
        "as challenger right in %.1f %% of %s, the champion in %.1f %%"
            .formatted(100 * trial.one(), trial.what(), 100 * trial.other());
    LOG.atInfo()
        .addKeyValue("challenger", version(challenger))
        .addKeyValue("why", why)
        .log("trial ended");
    if (trial.one() >= trial.other() && !heads.isPinned()) {
      writer.promote(version(challenger), WHO, why);
    } else {
      writer.dismissChallenger(WHO, why);
    }
  }

  private void watch(ModelWriter writer, ExampleSet all) {
    int window = settings.watchdogWindow();
    Optional<Head> champion = heads.at(ModelKey.CHAMPION);
    duel(champion, heads.at(ModelKey.PREVIOUS), all, terms(window, window))
        .filter(live -> live.other() - live.one() > settings.watchdogLimit())
        .ifPresent(
            live -> {
              String why =
                  "watchdog: head %d is right in %.1f %% of the last %s, the one before it in %.1f %%"
                      .formatted(
                          version(champion), 100 * live.one(), live.what(), 100 * live.other());
              LOG.atWarn()
                  .addKeyValue("why", why)
                  .log("rolls back and holds promotions until it is unpinned");
              writer.rollback(WHO, why, true);
              rolledBack.run();
            });
  }

  private Terms terms(int least, int most) {
    return new Terms(least, most, settings.auditCorrections());
  }

  private static Optional<HeadComparison> duel(
      Optional<Head> one, Optional<Head> other, ExampleSet all, Terms terms) {
    return one.flatMap(
        a ->
            other
                .filter(b -> fits(a, all) && fits(b, all))
                .flatMap(b -> HeadComparison.between(a, b, all, terms)));
  }

  private static boolean fits(Head head, ExampleSet all) {
    return head.card().backbone().equals(all.backbone());
  }

  private static long version(Optional<Head> head) {
    return head.map(Head::version).orElse(0L);
  }
}
