package io.afina.classifier;

import io.afina.decide.Acceptance;
import io.afina.event.Embedding;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.Prediction.Shadow;
import io.afina.event.Prediction.Timings;
import io.afina.model.Head;
import io.afina.model.HeadPair;
import io.afina.model.Scores;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the prediction of an embedding. */
final class PredictionFactory {

  private static final int TOP = 5;

  private PredictionFactory() {}

  /**
   * Scores an embedding with champion and challenger; without a champion, and where all labels of a
   * head are retired, there is no label.
   *
   * @param novelty of the embedding to the champion, or null
   */
  static Prediction of(
      HeadPair heads,
      Embedding embedding,
      Position image,
      Timings timings,
      @Nullable Double novelty) {
    Shadow shadow = labelled(heads.challenger()).map(head -> shadow(head, embedding)).orElse(null);
    return labelled(heads.champion())
        .map(head -> answered(head, embedding, image, timings, shadow, novelty))
        .orElseGet(
            () ->
                new Prediction(
                    null,
                    null,
                    List.of(),
                    null,
                    null,
                    null,
                    embedding.backbone(),
                    image,
                    timings,
                    shadow,
                    null));
  }

  private static Optional<Head> labelled(Optional<Head> head) {
    return head.filter(known -> !known.outputs().names().isEmpty());
  }

  private static Prediction answered(
      Head head,
      Embedding embedding,
      Position image,
      Timings timings,
      @Nullable Shadow shadow,
      @Nullable Double novelty) {
    Scores scores = head.score(embedding.values());
    List<Score> top = scores.top(TOP);
    double first = top.get(0).confidence();
    double second = top.size() > 1 ? top.get(1).confidence() : 0;
    Prediction prediction =
        new Prediction(
            top.get(0).label(),
            first,
            top,
            first - second,
            scores.entropy(),
            head.version(),
            embedding.backbone(),
            image,
            timings,
            shadow,
            novelty);
    Acceptance acceptance = head.card().acceptance();
    return acceptance == null ? prediction : acceptance.decide(prediction);
  }

  private static Shadow shadow(Head head, Embedding embedding) {
    Score first = head.score(embedding.values()).top(1).get(0);
    return new Shadow(head.version(), first.label(), first.confidence());
  }
}
