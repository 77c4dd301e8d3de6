package io.afina.labelling;

import io.afina.event.AliasRecord;
import io.afina.labelling.feed.LearningTimes;
import io.afina.labelling.feed.ModelFeed;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.Outcomes.Accuracy;
import io.afina.labelling.queue.Outcomes.Decided;
import io.afina.labelling.queue.ReviewQueue;
import io.afina.model.HeadCard;
import io.afina.model.WilsonInterval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what the learning panel shows: the champion, its accuracy, today's labels.
 *
 * @param fewest examples that a label needs to be learned
 * @param goal images that each labeller should label a day; 0 for none
 */
public record LearningPanel(
    ReviewQueue queue,
    AnswerIndex answers,
    LearningTimes times,
    ModelFeed models,
    int fewest,
    int goal) {

  /** A head tells at least so many labels apart. */
  private static final int FEWEST_LABELS = 2;

  /** Characters of a sentence that a page shows. */
  private static final int LONGEST_SENTENCE = 400;

  /**
   * What everybody sees, in few bytes however many heads and labels there are.
   *
   * @param live how right the champion is on what people labelled, or null
   * @param decided whether accepted predictions were right, and how many are accepted
   * @param learnSeconds median time from a label to the head that learned it, or null
   * @param unlearned labels that no head has learned yet
   * @param labels counts how often labels were called otherwise, since this server began
   * @param untrained why no head can be trained, or null while one can
   * @param lacking what the first head lacks; empty once there is one, or all is labelled for it
   * @param goal images that each labeller should label a day; 0 for none
   */
  public record Snapshot(
      @Nullable Champion champion,
      @Nullable WilsonInterval live,
      Accuracy accuracy,
      Decided decided,
      int today,
      @Nullable Double learnSeconds,
      int unlearned,
      int labels,
      @Nullable String untrained,
      List<Lacking> lacking,
      int goal,
      ReviewQueue.Size queue) {}

  /**
   * Images that must get a label before there can be a head.
   *
   * @param label null for one that nobody has used yet
   */
  public record Lacking(@Nullable String label, int images) {}

  /** The head that answers: its labels and examples are counts. */
  record Champion(long version, int labels, int examples, Instant since) {}

  public Snapshot snapshot() {
    OptionalDouble seconds = times.median();
    Champion champion = champion();
    return new Snapshot(
        champion,
        champion == null ? null : answers.accuracyByHead().get(champion.version()),
        answers.accuracy(),
        answers.decided(),
        answers.today(),
        seconds.isPresent() ? seconds.getAsDouble() : null,
        times.waiting(),
        answers.renamings(),
        models.untrained().map(LearningPanel::shortened).orElse(null),
        champion == null ? lacking() : List.of(),
        goal,
        queue.size());
  }

  /** Images that a labeller labelled today. */
  public int mine(String labeller) {
    return answers.today(labeller);
  }

  private List<Lacking> lacking() {
    List<Lacking> lacking = new ArrayList<>();
    List<Map.Entry<String, Integer>> counts = answers.labelCounts(queue.assignments().labellers());
    for (int i = 0; i < FEWEST_LABELS; i++) {
      boolean known = i < counts.size();
      int images = fewest - (known ? counts.get(i).getValue() : 0);
      if (images > 0) {
        lacking.add(new Lacking(known ? counts.get(i).getKey() : null, images));
      }
    }
    return lacking;
  }

  private @Nullable Champion champion() {
    HeadCard card = models.champion().orElse(null);
    Instant since = models.championAlias().map(AliasRecord::at).orElse(Instant.EPOCH);
    return card == null
        ? null
        : new Champion(card.version(), card.labels().size(), card.training().examples(), since);
  }

  private static String shortened(String sentence) {
    return sentence.length() <= LONGEST_SENTENCE
        ? sentence
        : sentence.substring(0, LONGEST_SENTENCE) + "…";
  }
}
