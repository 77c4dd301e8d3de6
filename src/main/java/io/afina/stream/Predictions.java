package io.afina.stream;

import io.afina.event.Embedding;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.Prediction.Timings;
import io.afina.model.Head;
import io.afina.model.Scores;
import java.util.List;
import java.util.Optional;

/** Makes the record of what a head says. */
final class Predictions {

  private static final int TOP = 5;

  private Predictions() {}

  static Prediction of(Optional<Head> head, Embedding embedding, Position image, Timings timings) {
    return head.map(h -> answered(h, embedding, image, timings))
        .orElseGet(() -> unanswered(embedding, image, timings));
  }

  private static Prediction answered(
      Head head, Embedding embedding, Position image, Timings timings) {
    Scores scores = head.score(embedding.values());
    List<Scores.Ranked> top = scores.top(TOP);
    double first = top.get(0).probability();
    double second = top.size() > 1 ? top.get(1).probability() : 0;
    return new Prediction(
        top.get(0).label(),
        first,
        top.stream().map(r -> new Score(r.label(), r.probability())).toList(),
        first - second,
        scores.entropy(),
        head.version(),
        embedding.backbone(),
        image,
        timings);
  }

  private static Prediction unanswered(Embedding embedding, Position image, Timings timings) {
    return new Prediction(
        null, null, List.of(), null, null, null, embedding.backbone(), image, timings);
  }
}
