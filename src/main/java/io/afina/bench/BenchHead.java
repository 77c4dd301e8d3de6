package io.afina.bench;

import io.afina.backbone.Backbone;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.Verdict;
import io.afina.model.layer.Dense;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Makes a head with random weights, as costly as a trained one. */
final class BenchHead {

  private static final int LABELS = 100;

  private BenchHead() {}

  /** A dense layer with random weights over a backbone's embeddings. */
  static Head of(Backbone backbone) {
    int inputs = backbone.card().embeddingSize();
    Random random = new Random(1);
    float[] weights = new float[inputs * LABELS];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextFloat() - 0.5f;
    }
    HeadCard card =
        new HeadCard(
            1,
            null,
            backbone.id(),
            inputs,
            IntStream.range(0, LABELS).mapToObj(i -> "label " + i).toList(),
            1,
            new HeadCard.Training(0, Map.of(), 0, 0, 0, "none", 0, null),
            null,
            new Verdict(Verdict.Decision.IMPORTED, "for the bench"),
            Instant.EPOCH);
    return new Head(card, List.of(new Dense(inputs, LABELS, weights, new float[LABELS])));
  }
}
