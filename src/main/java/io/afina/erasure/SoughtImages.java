package io.afina.erasure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.cloudevents.ImageEvents;
import io.afina.config.AfinaConfig;
import io.afina.erasure.Occurrence.Kind;
import io.afina.event.Embedding;
import io.afina.event.MalformedRecordException;
import io.afina.event.ModelKey;
import io.afina.event.Topic;
import io.afina.event.TrainingExample;
import io.afina.event.UnusableRecordException;
import io.afina.model.HeadFile;
import io.afina.model.HeadRefusedException;
import io.afina.model.layer.Landmarks;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Images: records with the image id as key, those that name it, and heads with its embedding. */
final class SoughtImages implements Sought {

  /** What a window store adds to a key: a time and a number. */
  private static final int WINDOW = Long.BYTES + Integer.BYTES;

  private final Topic<String, TrainingExample> training;
  private final Set<String> ids;
  private final List<float[]> embeddings;

  /**
   * Images.
   *
   * @param embeddings of the images that are known from before
   */
  SoughtImages(AfinaConfig config, Set<String> ids, List<float[]> embeddings) {
    this.training = config.topics().training();
    this.ids = ids;
    this.embeddings = new ArrayList<>(embeddings);
  }

  @Override
  public Optional<Kind> in(ConsumerRecord<byte[], byte[]> record, ErasableTopic topic) {
    if (isOwn(record)) {
      learn(record);
      return Optional.of(record.value() == null ? Kind.TOMBSTONE : Kind.DATA);
    }
    if (record.value() == null || !topic.isShared()) {
      return Optional.empty();
    }
    if (names(record.value())) {
      return Optional.of(Kind.NAMED);
    }
    return hasLandmark(record) ? Optional.of(Kind.LANDMARK) : Optional.empty();
  }

  @Override
  public List<float[]> embeddings() {
    return List.copyOf(embeddings);
  }

  private boolean isOwn(ConsumerRecord<byte[], byte[]> record) {
    byte[] key = key(record);
    return key != null
        && (ids.contains(new String(key, UTF_8))
            || (isWindowed(key) && ids.contains(new String(key, 0, key.length - WINDOW, UTF_8))));
  }

  private static byte @Nullable [] key(ConsumerRecord<byte[], byte[]> record) {
    try {
      return ImageEvents.key(record.key(), record.headers());
    } catch (UnusableRecordException e) {
      return record.key();
    }
  }

  /** A time, whose first two bytes are 0 for many a thousand years yet, and the number 0. */
  private static boolean isWindowed(byte[] key) {
    if (key.length <= WINDOW) {
      return false;
    }
    ByteBuffer end = ByteBuffer.wrap(key, key.length - WINDOW, WINDOW);
    return end.getLong() >>> (6 * Byte.SIZE) == 0 && end.getInt() == 0;
  }

  private void learn(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(training.name()) && record.value() != null) {
      try {
        training
            .values()
            .deserializer()
            .deserialize(record.topic(), record.value())
            .embeddings()
            .stream()
            .map(Embedding::values)
            .forEach(embeddings::add);
      } catch (MalformedRecordException e) {
        // No example of ours: no head learned it.
        return;
      }
    }
  }

  /** As a text in JSON, or in JSON within a text. */
  private boolean names(byte[] value) {
    String text = new String(value, ISO_8859_1);
    return ids.stream()
        .map(id -> new String(id.getBytes(UTF_8), ISO_8859_1))
        .anyMatch(id -> text.contains("\"" + id + "\"") || text.contains("\"" + id + "\\\""));
  }

  private boolean hasLandmark(ConsumerRecord<byte[], byte[]> record) {
    if (embeddings.isEmpty()
        || record.key() == null
        || !(ModelKey.parse(new String(record.key(), UTF_8)).orElse(null)
            instanceof ModelKey.Head)) {
      return false;
    }
    try {
      return HeadFile.read(record.value()).layers().get(0) instanceof Landmarks landmarks
          && landmarks.all().stream()
              .anyMatch(row -> embeddings.stream().anyMatch(known -> Arrays.equals(known, row)));
    } catch (HeadRefusedException e) {
      // Nobody can use it either.
      return false;
    }
  }
}
