package io.afina.labelling.grid;

import io.afina.event.Embedding;
import java.util.List;
import java.util.Optional;

/** Finds labelled images that look alike, and their kept copies. Safe for any thread. */
public interface PictureIndex {

  /** Those that are most like a picture, the most alike first. */
  List<Alike<LabelledPicture>> nearest(Embedding to, int count);

  /** What is known of an image. */
  Optional<LabelledPicture> find(String image);

  /**
   * The kept copy of an image.
   *
   * @throws org.apache.kafka.common.errors.TimeoutException when Kafka does not give it in time
   */
  Optional<byte[]> copy(String image);
}
