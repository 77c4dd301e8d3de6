package io.afina.event;

import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** The topics of Afina, shared by the topology, the tools and the tests. */
public final class Topics {

  private static final Serde<String> ID = Serdes.String();

  /** Encoded pictures by image id. */
  public static final Topic<String, byte[]> IMAGES = new Topic<>("images", ID, Serdes.ByteArray());

  /** The predictions for image events, by image id. */
  public static final Topic<String, Prediction> PREDICTIONS =
      new Topic<>("predictions", ID, json(Prediction.class));

  /** The images that people are asked to label, by image id. */
  public static final Topic<String, ReviewItem> REVIEW =
      new Topic<>("review", ID, json(ReviewItem.class));

  /** The labels that people give to images, by image id; null withdraws one. */
  public static final Topic<String, Correction> CORRECTIONS =
      new Topic<>("corrections", ID, json(Correction.class));

  /** Corrections joined with embeddings, by image id; null removes one. */
  public static final Topic<String, TrainingExample> TRAINING =
      new Topic<>("training", ID, new TrainingExampleSerde());

  /** Heads as safetensors and aliases as JSON; {@link ModelKey} tells them apart. */
  public static final Topic<String, byte[]> MODELS = new Topic<>("models", ID, Serdes.ByteArray());

  /** Records that could not be used, byte for byte; {@link DeadLetter} has the headers. */
  public static final Topic<byte[], byte[]> DEAD_LETTERS =
      new Topic<>("dead-letters", Serdes.ByteArray(), Serdes.ByteArray());

  /** The names of all of them. */
  public static final List<String> ALL =
      List.of(IMAGES, PREDICTIONS, REVIEW, CORRECTIONS, TRAINING, MODELS, DEAD_LETTERS).stream()
          .map(Topic::name)
          .toList();

  private Topics() {}

  /** A serde of records as JSON; null is a tombstone and stays null. */
  private static <T> Serde<T> json(Class<T> type) {
    return Serdes.serdeFrom(
        (topic, value) -> value == null ? null : Json.write(value),
        (topic, bytes) -> bytes == null ? null : Json.read(bytes, type));
  }
}
