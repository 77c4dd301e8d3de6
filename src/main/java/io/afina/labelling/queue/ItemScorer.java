package io.afina.labelling.queue;

import io.afina.decide.Acceptance;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Score;
import io.afina.label.LabelTable;
import io.afina.model.Head;
import io.afina.model.Scores;
import io.afina.review.ReviewSampler;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Scores review items by the champion of now: an item may have been asked long ago, by a head that
 * knew other labels or before there was any. Safe for any thread.
 */
public final class ItemScorer {

  private static final int TOP = 5;

  private volatile @Nullable Head champion;
  private volatile LabelTable table = LabelTable.EMPTY;

  /** Whether labels were called otherwise before: what was added up then must be taken apart. */
  private volatile boolean renamed;

  /** A head answers from now on. */
  public void champion(Head head) {
    champion = head;
  }

  /** Calls labels as a table says from now on. */
  public void called(LabelTable now) {
    renamed = !table.equals(LabelTable.EMPTY);
    table = now;
  }

  /**
   * The item with the prediction of the champion by the labels of now; itself when it has that
   * already. Without a champion, or an embedding of its backbone, only the labels go that it does
   * not know any more.
   */
  public QueuedItem score(QueuedItem item) {
    QueuedItem called = called(item);
    Head head = champion;
    Long by = item.review().prediction().head();
    return head == null || (!renamed && Objects.equals(by, head.version()))
        ? called
        : scored(called, head.called(table));
  }

  private QueuedItem called(QueuedItem item) {
    Prediction before = item.review().prediction();
    List<Score> top = table.scores(before.top());
    return top.equals(before.top())
        ? item
        : predicted(item, top, before.entropy(), before.head(), null);
  }

  private static QueuedItem scored(QueuedItem item, Head head) {
    Prediction before = item.review().prediction();
    return item.review()
        .vector()
        .filter(embedding -> head.card().backbone().equals(before.backbone()))
        .filter(embedding -> head.card().inputs() == embedding.length)
        .map(embedding -> scored(item, head, head.score(embedding)))
        .orElseGet(() -> known(item, head));
  }

  private static QueuedItem scored(QueuedItem item, Head head, Scores scores) {
    return predicted(
        item, scores.top(TOP), scores.entropy(), head.version(), head.card().acceptance());
  }

  private static QueuedItem known(QueuedItem item, Head head) {
    Prediction before = item.review().prediction();
    List<Score> left =
        before.top().stream()
            .filter(score -> head.outputs().names().contains(score.label()))
            .toList();
    return left.size() == before.top().size()
        ? item
        : predicted(item, left, before.entropy(), before.head(), null);
  }

  private static QueuedItem predicted(
      QueuedItem item,
      List<Score> top,
      @Nullable Double entropy,
      @Nullable Long head,
      @Nullable Acceptance acceptance) {
    Prediction before = item.review().prediction();
    Optional<Score> first = top.stream().findFirst();
    double second = top.size() > 1 ? top.get(1).confidence() : 0;
    Prediction scored =
        new Prediction(
            first.map(Score::label).orElse(null),
            first.map(Score::confidence).orElse(null),
            top,
            first.map(score -> score.confidence() - second).orElse(null),
            entropy,
            head,
            before.backbone(),
            before.image(),
            before.timings(),
            before.shadow(),
            before.novelty());
    Prediction now = acceptance == null ? scored : acceptance.decide(scored);
    double uncertainty =
        item.suspect() == null
            ? ReviewSampler.uncertainty(now, item.review().reason())
            : item.review().uncertainty();
    return item.predicted(now, uncertainty);
  }
}
