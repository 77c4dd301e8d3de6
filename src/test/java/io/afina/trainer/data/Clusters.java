package io.afina.trainer.data;

import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.label.name.LabelName;
import io.afina.model.Heads;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Examples for tests: a cloud of embeddings around a centre of each label's own. */
public final class Clusters {

  public static final int WIDTH = 32;

  private static final List<String> LABELS = List.of("ant", "bee", "cat", "dog", "elk");

  private final Random random = new Random(5);
  private final Dataset dataset = new Dataset();
  private final double noise;
  private int count;
  private boolean checked;

  /**
   * Clouds of embeddings.
   *
   * @param noise deviation of a cloud; its centre is 3 from nothing
   */
  public Clusters(double noise) {
    this.noise = noise;
  }

  Dataset dataset() {
    return dataset;
  }

  public ExampleSet examples() {
    return examples(3);
  }

  /** Those of the labels that have so many. */
  public ExampleSet examples(int fewest) {
    return dataset.examples(fewest).orElseThrow();
  }

  /** Adds examples of the labels in turn, on partition 0, at the next offsets. */
  public Clusters add(int examples, String... labels) {
    for (int i = 0; i < examples; i++) {
      String label = labels[i % labels.length];
      add("id-" + count, label, around(label));
    }
    return this;
  }

  /** Adds examples that bear another label than the cloud that they are from. */
  public Clusters addMislabelled(int examples, String label, String cloud) {
    for (int i = 0; i < examples; i++) {
      add("wrong-" + count, label, around(cloud));
    }
    return this;
  }

  /** Somebody has checked all that is added from now on. */
  public Clusters checked() {
    checked = true;
    return this;
  }

  public void add(String id, String label, float[] values) {
    dataset.apply(
        id,
        new TrainingExample(
            label,
            "mia",
            Instant.EPOCH,
            List.of(new Embedding(Heads.BACKBONE, values)),
            null,
            List.of(),
            null,
            new ImagePlace(0, count),
            checked),
        0,
        count++);
  }

  public float[] around(String label) {
    float[] values = centre(label);
    for (int i = 0; i < WIDTH; i++) {
      values[i] += (float) (noise * random.nextGaussian());
    }
    return values;
  }

  static float[] centre(String label) {
    float[] values = new float[WIDTH];
    values[LABELS.indexOf(LabelName.key(label))] = 3;
    return values;
  }
}
