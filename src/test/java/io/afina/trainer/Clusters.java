package io.afina.trainer;

import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.model.Heads;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Examples for tests: a cloud of embeddings around a centre of each label's own. */
final class Clusters {

  static final int WIDTH = 32;

  private static final List<String> LABELS = List.of("ant", "bee", "cat", "dog", "elk");

  private final Random random = new Random(5);
  private final Dataset dataset = new Dataset();
  private final double noise;
  private int count;

  /**
   * @param noise deviation of a cloud; its centre is 3 from nothing
   */
  Clusters(double noise) {
    this.noise = noise;
  }

  Dataset dataset() {
    return dataset;
  }

  Examples examples() {
    return dataset.examples(3).orElseThrow();
  }

  /** Adds examples of the labels in turn, on partition 0, at the next offsets. */
  Clusters add(int examples, String... labels) {
    for (int i = 0; i < examples; i++) {
      String label = labels[i % labels.length];
      add("id-" + count, label, around(label));
    }
    return this;
  }

  /** Adds examples that bear another label than the cloud that they are from. */
  Clusters addMislabelled(int examples, String label, String cloud) {
    for (int i = 0; i < examples; i++) {
      add("wrong-" + count, label, around(cloud));
    }
    return this;
  }

  void add(String id, String label, float[] values) {
    dataset.apply(
        id,
        new TrainingExample(label, "mia", Instant.EPOCH, new Embedding(Heads.BACKBONE, values)),
        0,
        count++);
  }

  float[] around(String label) {
    float[] values = centre(label);
    for (int i = 0; i < WIDTH; i++) {
      values[i] += (float) (noise * random.nextGaussian());
    }
    return values;
  }

  static float[] centre(String label) {
    float[] values = new float[WIDTH];
    values[LABELS.indexOf(Labels.key(label))] = 3;
    return values;
  }
}
