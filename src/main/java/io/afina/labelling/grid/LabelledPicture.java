package io.afina.labelling.grid;

import io.afina.event.Embedding;
import io.afina.event.Float16;
import io.afina.event.TrainingExample;
import io.afina.event.TrainingExample.ImagePlace;
import org.jspecify.annotations.Nullable;

/**
 * A labelled image.
 *
 * @param label as it was said
 * @param backbone that gave the embedding
 * @param halves the embedding in half precision
 * @param place of its image event, if it is known
 */
public record LabelledPicture(
    String image, String label, String backbone, short[] halves, @Nullable ImagePlace place) {

  static LabelledPicture of(String image, TrainingExample example) {
    Embedding embedding = example.embedding();
    short[] halves = new short[embedding.values().length];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = Float16.fromFloat(embedding.values()[i]);
    }
    return new LabelledPicture(
        image, example.label(), embedding.backbone(), halves, example.image());
  }

  /** The embedding of its image. */
  public Embedding embedding() {
    float[] values = new float[halves.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float16.toFloat(halves[i]);
    }
    return new Embedding(backbone, values);
  }
}
