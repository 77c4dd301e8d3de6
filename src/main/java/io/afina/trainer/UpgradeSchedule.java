package io.afina.trainer;

import io.afina.config.AfinaConfig;
import io.afina.config.TrainerConfig;
import io.afina.event.BackboneRecord;
import io.afina.event.BackboneRecord.State;
import io.afina.lifecycle.AfinaException;
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
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a head of another backbone than the champion's is trained beside it: while the
 * registry wants that backbone, once all classifiers have it loaded and the labelled pictures are
 * embedded by it, and after that when labels have come, as the champion's. For one thread.
 */
final class UpgradeSchedule implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(UpgradeSchedule.class);

  /** Between two questions how far the classifiers are. */
  private static final Duration PERIOD = Duration.ofSeconds(5);

  /** So long may a killed classifier keep to itself what has been embedded. */
  private static final Duration SETTLED = Duration.ofMinutes(1);

  /** Bounds the size of a head card. */
  private static final int MOST_NAMED = 5;

  private final TrainerConfig settings;
  private final ModelLog models;
  private final Dataset dataset;
  private final ExampleLog examples;
  private final UpgradeReadiness readiness;
  private @Nullable Upgrade upgrade;

  /** An upgrade under way; another request for the same backbone is another one. */
  private static final class Upgrade {
    private final String backbone;
    private final Instant at;
    private long asked = System.nanoTime() - PERIOD.toNanos();

    /** Whether the pictures are embedded; once so, later ones are within moments. */
    private boolean embedded;

    /** Decided examples that had no embedding of the backbone when this was asked last. */
    private int lacking;

    /** When their number changed last. */
    private long changed;

    /** Whether a head follows without news: the first, and one after one that was held. */
    private boolean again = true;

    /** What it waited for when this was asked last, to log it once. */
    private String waitedFor = "";

    private long trained;

    private Upgrade(String backbone, Instant at, Duration interval) {
      this.backbone = backbone;
      this.at = at;
      this.trained = System.nanoTime() - interval.toNanos();
      this.changed = System.nanoTime();
    }

    private boolean hasSettled() {
      return System.nanoTime() - changed >= SETTLED.toNanos();
    }
  }

  UpgradeSchedule(AfinaConfig config, ModelLog models, Dataset dataset, ExampleLog examples) {
    this.settings = config.trainer();
    this.models = models;
    this.dataset = dataset;
    this.examples = examples;
    this.readiness = new UpgradeReadiness(config);
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
    if (!isDue(now) || System.nanoTime() - now.asked < PERIOD.toNanos()) {
      return Optional.empty();
    }
    now.asked = System.nanoTime();
    Optional<String> waits = waits(now, champions);
    waits.filter(text -> !text.equals(now.waitedFor)).ifPresent(text -> log(now, text));
    now.again &= waits.isPresent();
    return waits.isPresent() ? Optional.empty() : Optional.of(now.backbone);
  }

  private static void log(Upgrade now, String waits) {
    now.waitedFor = waits;
    LOG.atInfo()
        .addKeyValue("backbone", now.backbone)
        .addKeyValue("lacking", now.lacking)
        .addKeyValue("for", waits)
        .log("the upgrade waits");
  }

  /** A head was trained on all that stands before these offsets, or none can be. */
  void trained(Map<Integer, Long> upTo) {
    if (upgrade != null) {
      upgrade.trained = System.nanoTime();
      examples.learned(upgrade.backbone, upTo);
    }
  }

  /**
   * The verdict on the upgrade's head, with how many images could not be embedded. It is held where
   * the gate would have it on trial, since no classifier scores embeddings of two backbones at
   * once, and where not all classifiers have its backbone: another one follows.
   */
  Verdict verdict(Verdict gates) {
    Upgrade now = upgrade;
    if (now == null) {
      return gates;
    }
    String why =
        now.lacking == 0
            ? gates.why()
            : "%s; %d labelled images have no embedding of it".formatted(gates.why(), now.lacking);
    if (gates.decision() == Decision.CHALLENGER) {
      return new Verdict(Decision.HELD, "no trial beside another backbone, promote it; " + why);
    }
    Optional<String> waits =
        gates.decision() == Decision.PROMOTED ? waitsForClassifiers(now) : Optional.empty();
    now.again = waits.isPresent();
    return waits
        .map(text -> new Verdict(Decision.HELD, "waits for %s; %s".formatted(text, why)))
        .orElseGet(() -> new Verdict(gates.decision(), why));
  }

  /** Forgets what is under way, as when the trainer leads no longer. */
  @Override
  public void close() {
    if (upgrade != null) {
      upgrade = null;
      readiness.close();
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
    return now.again
        || fresh >= settings.minNewExamples()
        || (fresh > 0 && System.nanoTime() - now.trained >= settings.interval().toNanos());
  }

  private Optional<String> waits(Upgrade now, String champions) {
    Optional<String> classifiers = waitsForClassifiers(now);
    int lacking = dataset.lacking(champions, now.backbone);
    if (lacking != now.lacking) {
      now.lacking = lacking;
      now.changed = System.nanoTime();
    }
    now.embedded |= lacking == 0 || (hasCaughtUp(now) && now.hasSettled());
    return classifiers.isPresent() || now.embedded
        ? classifiers
        : Optional.of("labelled pictures to be embedded");
  }

  private Optional<String> waitsForClassifiers(Upgrade now) {
    try {
      Map<String, String> without = readiness.without(now.backbone);
      return without.isEmpty() ? Optional.empty() : Optional.of(classifiers(without));
    } catch (AfinaException | KafkaException e) {
      return Optional.of("the cluster: " + e.getMessage());
    }
  }

  private static String classifiers(Map<String, String> without) {
    return without.entrySet().stream()
        .limit(MOST_NAMED)
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", ", without.size() + " classifiers: ", ""));
  }

  private boolean hasCaughtUp(Upgrade now) {
    try {
      return readiness.hasCaughtUp(now.backbone);
    } catch (AfinaException e) {
      LOG.atWarn().addKeyValue("why", e.getMessage()).log("progress of the upgrade is not known");
      return false;
    }
  }
}
