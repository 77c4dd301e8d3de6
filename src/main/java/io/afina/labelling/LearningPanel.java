package io.afina.labelling;

import io.afina.event.AliasRecord;
import io.afina.labelling.feed.LearningTimes;
import io.afina.labelling.feed.ModelFeed;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.AnswerIndex.Accuracy;
import io.afina.labelling.queue.ReviewQueue;
import io.afina.model.HeadCard;
import io.afina.model.WilsonInterval;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Gathers what the learning panel shows: the champion, its accuracy, today's labels. */
public record LearningPanel(
    ReviewQueue queue, AnswerIndex answers, LearningTimes times, ModelFeed models) {

  /** Points of the chart. */
  private static final int MOST_VERSIONS = 60;

  /**
   * @param learnSeconds median time from a label to the head that learned it, or null
   * @param unlearned labels that no head has learned yet
   * @param untrained why no head can be trained, or null while one can
   */
  record Snapshot(
      @Nullable Champion champion,
      Accuracy accuracy,
      int today,
      int mine,
      @Nullable Double learnSeconds,
      int unlearned,
      @Nullable String untrained,
      ReviewQueue.Size queue,
      List<Point> versions) {}

  /**
   * The head that answers.
   *
   * @param young labels with few examples, and how many they have
   * @param enough examples, with which a label is young no longer
   */
  record Champion(
      long version,
      int labels,
      int examples,
      Instant since,
      Map<String, Integer> young,
      int enough) {}

  /**
   * One head in the chart.
   *
   * @param card its card: accuracy in training, and on the holdout once it is measured
   * @param live how right it was, if anybody was asked about its predictions
   */
  record Point(HeadCard card, @Nullable WilsonInterval live) {}

  public Snapshot snapshot(@Nullable String labeller) {
    OptionalDouble seconds = times.median();
    return new Snapshot(
        champion(),
        answers.accuracy(),
        answers.today(),
        labeller == null ? 0 : answers.today(labeller),
        seconds.isPresent() ? seconds.getAsDouble() : null,
        times.waiting(),
        models.untrained().orElse(null),
        queue.size(),
        versions());
  }

  private @Nullable Champion champion() {
    HeadCard card = models.champion().orElse(null);
    Instant since = models.championAlias().map(AliasRecord::at).orElse(Instant.EPOCH);
    return card == null
        ? null
        : new Champion(
            card.version(),
            card.labels().size(),
            card.training().examples(),
            since,
            card.training().young(),
            HeadCard.Training.YOUNG);
  }

  private List<Point> versions() {
    Map<Long, WilsonInterval> live = answers.accuracyByHead();
    List<HeadCard> cards = models.cards();
    return cards.stream()
        .skip(Math.max(0, cards.size() - MOST_VERSIONS))
        .map(card -> new Point(card, live.get(card.version())))
        .toList();
  }
}
