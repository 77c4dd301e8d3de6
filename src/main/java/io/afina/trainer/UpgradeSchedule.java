package io.afina.trainer;

import io.afina.config.AfinaConfig;
import io.afina.config.TrainerConfig;
import io.afina.event.BackboneRecord;
import io.afina.event.BackboneRecord.State;
import io.afina.model.ModelLog;
import io.afina.model.Verdict;
import io.afina.model.Verdict.Decision;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleLog;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a head of another backbone than the champion's is trained beside it: while the
 * registry wants that backbone, once the labelled pictures are embedded by it, and after that when
 * labels have come, as the champion's. For one thread.
 */
final class UpgradeSchedule implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(UpgradeSchedule.class);

  /** Between two questions whether all pictures are embedded. */
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final TrainerConfig settings;
  private final ModelLog models;
  private final Dataset dataset;
  private final ExampleLog examples;
  private final ReembeddingProgress progress;
  private @Nullable Upgrade upgrade;

  /** An upgrade under way; another request for the same backbone is another one. */
  private static final class Upgrade {
    private final String backbone;
    private final Instant at;
    private long asked = System.nanoTime() - PERIOD.toNanos();
    private boolean complete;

    /** Decided examples that have no embedding of the backbone; when it was complete, or last. */
    private int lacking;

    private long trained;

    private Upgrade(String backbone, Instant at, Duration interval) {
      this.backbone = backbone;
      this.at = at;
      this.trained = System.nanoTime() - interval.toNanos();
    }
  }

  UpgradeSchedule(AfinaConfig config, ModelLog models, Dataset dataset, ExampleLog examples) {
    this.settings = config.trainer();
    this.models = models;
    this.dataset = dataset;
    this.examples = examples;
    this.progress = new ReembeddingProgress(config);
  }

  /**
   * The backbone of which a head is to be trained now.
   *
   * @param champions the champion's backbone, whose examples shall all be embedded
   */
  Optional<String> due(String champions) {
    Upgrade now = wanted(champions).orElse(null);
    if (now == null) {
      close();
      return Optional.empty();
    }
    return isDue(now) && isComplete(now, champions) ? Optional.of(now.backbone) : Optional.empty();
  }

  /** A head was trained on all that stands before these offsets, or none can be. */
  void trained(Map<Integer, Long> upTo) {
    if (upgrade != null) {
      upgrade.trained = System.nanoTime();
      examples.learned(upgrade.backbone, upTo);
    }
  }

  /**
   * The verdict on the upgrade's head: no challenger, since classifiers score the embeddings of one
   * backbone in the shadow; and with what could not be embedded.
   */
  Verdict verdict(Verdict gates) {
    Decision decision = gates.decision() == Decision.CHALLENGER ? Decision.HELD : gates.decision();
    String held =
        decision == gates.decision()
            ? ""
            : "no trial in the shadow of another backbone's champion, promote it by hand; ";
    int lacking = upgrade == null ? 0 : upgrade.lacking;
    String left =
        lacking == 0 ? "" : "; %d labelled images have no embedding of it".formatted(lacking);
    return new Verdict(decision, held + gates.why() + left);
  }

  /** Forgets what is under way, as when the trainer leads no longer. */
  @Override
  public void close() {
    if (upgrade != null) {
      upgrade = null;
      progress.close();
    }
  }

  private Optional<Upgrade> wanted(String champions) {
    return models.backbones().entrySet().stream()
        .filter(entry -> entry.getValue().state() == State.WANTED)
        .filter(entry -> !entry.getKey().equals(champions))
        .max(Comparator.comparing(entry -> entry.getValue().at()))
        .map(this::current);
  }

  private Upgrade current(Map.Entry<String, BackboneRecord> wanted) {
    Upgrade now = upgrade;
    if (now == null
        || !now.backbone.equals(wanted.getKey())
        || !now.at.equals(wanted.getValue().at())) {
      close();
      now = new Upgrade(wanted.getKey(), wanted.getValue().at(), settings.interval());
      upgrade = now;
    }
    return now;
  }

  private boolean isDue(Upgrade now) {
    long fresh = examples.fresh(now.backbone);
    return fresh >= settings.minNewExamples()
        || (fresh > 0 && System.nanoTime() - now.trained >= settings.interval().toNanos());
  }

  /** Once so, it stays so: labels that come later are embedded within moments. */
  private boolean isComplete(Upgrade now, String champions) {
    if (now.complete || System.nanoTime() - now.asked < PERIOD.toNanos()) {
      return now.complete;
    }
    now.asked = System.nanoTime();
    now.lacking = dataset.lacking(champions, now.backbone);
    now.complete = now.lacking == 0 || progress.hasCaughtUp(now.backbone);
    if (now.complete) {
      LOG.atInfo()
          .addKeyValue("backbone", now.backbone)
          .addKeyValue("lacking", now.lacking)
          .log("labelled images are embedded by the wanted backbone");
    }
    return now.complete;
  }
}
