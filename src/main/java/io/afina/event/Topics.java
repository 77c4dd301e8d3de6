package io.afina.event;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * The topics of one installation of Afina, shared by the topology, the tools and the tests.
 *
 * @param prefix before the name of each of them on the cluster; empty for none
 */
public record Topics(String prefix) {

  private static final Serde<String> ID = Serdes.String();

  /** Encoded pictures by image id. */
  public Topic<String, byte[]> images() {
    return topic("images", Serdes.ByteArray());
  }

  /** The predictions for image events, by image id. */
  public Topic<String, Prediction> predictions() {
    return topic("predictions", json(Prediction.class));
  }

  /** The images that people are asked to label, by image id. */
  public Topic<String, ReviewItem> review() {
    return topic("review", json(ReviewItem.class));
  }

  /**
   * The labels that people give to images, by image id; null withdraws what everybody said, and a
   * {@link Withdrawal} what one did.
   */
  public Topic<String, Correction> corrections() {
    return topic("corrections", json(Correction.class));
  }

  /** The same with values as they are written: corrections, withdrawals, and null. */
  public Topic<String, byte[]> correctionsAndWithdrawals() {
    return topic("corrections", Serdes.ByteArray());
  }

  /**
   * Embeddings and corrections that arrived away from the home of their image, on their way there,
   * by image id.
   */
  public Topic<String, byte[]> strays() {
    return topic("strays", Serdes.ByteArray());
  }

  /** Corrections joined with embeddings, by image id; null removes one. */
  public Topic<String, TrainingExample> training() {
    return topic("training", new TrainingExampleSerde());
  }

  /** Reduced pictures of the images that have a label, by image id; null removes one. */
  public Topic<String, byte[]> pictures() {
    return topic("pictures", Serdes.ByteArray());
  }

  /** The labels that people use, as JSON by their id. */
  public Topic<String, byte[]> labels() {
    return topic("labels", Serdes.ByteArray());
  }

  /** Heads as safetensors and aliases as JSON; {@link ModelKey} tells them apart. */
  public Topic<String, byte[]> models() {
    return topic("models", Serdes.ByteArray());
  }

  /** Which backbones classifiers have loaded, by {@code <application id>/<member>}. */
  public Topic<String, ClassifierMember> members() {
    return topic("members", json(ClassifierMember.class));
  }

  /** Records that could not be used, byte for byte; {@link DeadLetter} has the headers. */
  public Topic<byte[], byte[]> deadLetters() {
    return new Topic<>(prefix + "dead-letters", Serdes.ByteArray(), Serdes.ByteArray());
  }

  /** The names of all of them. */
  public List<String> names() {
    return Stream.of(
            images(),
            predictions(),
            review(),
            corrections(),
            strays(),
            training(),
            pictures(),
            labels(),
            models(),
            members(),
            deadLetters())
        .map(Topic::name)
        .toList();
  }

  /** The name that one of them has in every installation: {@code images}. */
  public String withoutPrefix(String name) {
    return name.substring(prefix.length());
  }

  private <V> Topic<String, V> topic(String name, Serde<V> values) {
    return new Topic<>(prefix + name, ID, values);
  }

  /** A serde of records as JSON; null is a tombstone and stays null. */
  private static <T> Serde<T> json(Class<T> type) {
    return Serdes.serdeFrom(
        (topic, value) -> value == null ? null : Json.write(value),
        (topic, bytes) -> bytes == null ? null : Json.read(bytes, type));
  }
}
