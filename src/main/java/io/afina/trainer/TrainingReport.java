package io.afina.trainer;

import io.afina.config.TrainerConfig;
import io.afina.config.TrainerConfig.HeadForm;
import io.afina.event.AliasRecord;
import io.afina.event.ModelKey;
import io.afina.metrics.TrainerMeters;
import io.afina.metrics.TrainerMeters.Recall;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.HeadRecipe.Form;
import io.afina.model.LeftOut;
import io.afina.model.Measures;
import io.afina.model.Measures.LabelMeasures;
import io.afina.model.ModelLog;
import io.afina.model.ModelWriter;
import io.afina.model.Race;
import io.afina.model.Verdict.Decision;
import io.afina.suspect.Suspects;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.Dataset.Selection;
import io.afina.trainer.data.ExampleLog;
import io.afina.trainer.data.ExampleSet;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what became of a training, or why there is none: in the log, in the meters and, where no
 * head can be trained, on {@code models}, where the labelling page and {@code afina models} find
 * it. For one thread.
 */
final class TrainingReport {

  private static final Logger LOG = LoggerFactory.getLogger(TrainingReport.class);

  private static final String WHO = "trainer";

  private final TrainerConfig settings;
  private final ModelLog models;
  private final TrainerMeters meters;
  private boolean leavesOut;

  TrainingReport(TrainerConfig settings, ModelLog models, TrainerMeters meters) {
    this.settings = settings;
    this.models = models;
    this.meters = meters;
  }

  /** This trainer leads from now on, with what others have learned before. */
  void takesOver(Dataset dataset, Optional<Head> newest) {
    meters.leads();
    meters.examples(dataset.countsByLabel());
    meters.untrained(models.alias(ModelKey.UNTRAINED).map(AliasRecord::why).isPresent());
    newest.map(Head::card).ifPresent(this::measured);
    models.suspects().ifPresent(this::suspects);
  }

  /** So many labels look wrong. */
  void suspects(Suspects found) {
    meters.suspects(found.byLabel(), found.byLabeller());
    LOG.atInfo()
        .addKeyValue("examples", found.examples())
        .addKeyValue("suspects", found.found())
        .log("looked for labels that look wrong");
  }

  /**
   * Examples were selected for a training; gives them, or nothing where no head can be trained: of
   * too few, or because it would be too large.
   */
  Optional<ExampleSet> selected(ModelWriter writer, Dataset dataset, Selection selection) {
    meters.examples(dataset.countsByLabel());
    leftOut(selection.leftOut());
    Optional<String> why = whyNone(selection);
    meters.untrained(why.isPresent());
    if (!why.equals(models.alias(ModelKey.UNTRAINED).map(AliasRecord::why))) {
      writer.untrained(why, WHO);
      why.ifPresent(text -> LOG.atInfo().addKeyValue("why", text).log("no head can be trained"));
    }
    return why.isPresent() ? Optional.empty() : selection.examples();
  }

  /**
   * Examples were selected for a head of another backbone than the champion's; as {@link
   * #selected}, but the champion's go on, and only the log says why there is none.
   */
  Optional<ExampleSet> selectedBeside(String backbone, Selection selection) {
    Optional<String> why = whyNone(selection);
    why.ifPresent(
        text ->
            LOG.atWarn()
                .addKeyValue("backbone", backbone)
                .addKeyValue("why", text)
                .log("no head of the wanted backbone can be trained"));
    return why.isPresent() ? Optional.empty() : selection.examples();
  }

  private Optional<String> whyNone(Selection selection) {
    return selection.examples().isPresent()
        ? selection.examples().flatMap(this::tooLarge)
        : Optional.of(tooFew(selection));
  }

  private Optional<String> tooLarge(ExampleSet all) {
    return new HeadSize(all.width(), smallestForm(), settings.hidden(), all.labels()).tooLarge();
  }

  /** Of forms that race those that would be too large take no part. */
  private Form smallestForm() {
    return settings.head() == HeadForm.AUTO ? Form.DENSE : Form.valueOf(settings.head().name());
  }

  private String tooFew(Selection selection) {
    int fewest = settings.minExamplesPerLabel();
    return "%s %s, and a head needs two such labels"
        .formatted(
            selection.only().map(label -> "only '%s' has".formatted(label)).orElse("no label has"),
            fewest == 1 ? "an example" : "%d examples or more".formatted(fewest));
  }

  /** Recipes raced in a training, which took longer for it. */
  void raced(Race race) {
    meters.raced(Duration.ofNanos(Math.round(race.seconds() * 1e9)));
    LOG.atInfo()
        .addKeyValue("examples", race.examples())
        .addKeyValue("entrants", race.entrants().size())
        .addKeyValue("winner", race.winner().text())
        .addKeyValue("seconds", race.seconds())
        .log("recipes of heads raced");
  }

  private void leftOut(@Nullable LeftOut leftOut) {
    meters.leftOut(leftOut == null ? 0 : leftOut.labels());
    if (leftOut != null && !leavesOut) {
      LOG.atWarn()
          .addKeyValue("labels", leftOut.labels())
          .addKeyValue("examples", leftOut.examples())
          .addKeyValue("most", leftOut.most())
          .addKeyValue("trainer.maxLabels", settings.maxLabels())
          .log("there are more labels than a head may have, the rarest are left out");
    }
    leavesOut = leftOut != null;
  }

  /** A head was published. */
  void published(Head head, ExampleLog examples) {
    HeadCard card = head.card();
    meters.trained(Duration.ofNanos(Math.round(card.training().seconds() * 1e9)));
    measured(card);
    meters.published(card.verdict().decision().text());
    if (card.verdict().decision() == Decision.PROMOTED) {
      long now = System.currentTimeMillis();
      examples.takeUnanswered().forEach(given -> meters.live(Duration.ofMillis(now - given)));
    }
  }

  private void measured(HeadCard card) {
    meters.newest(card.created());
    Measures measures = card.measures();
    if (measures != null) {
      meters.measured(measures.accuracy(), measures.balancedAccuracy(), recalls(measures));
    }
  }

  private static Map<String, Recall> recalls(Measures measures) {
    return measures.labels().stream()
        .filter(label -> label.examples() > 0)
        .collect(
            Collectors.toMap(
                LabelMeasures::label, label -> new Recall(label.examples(), label.recall())));
  }
}
