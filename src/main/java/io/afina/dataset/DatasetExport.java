package io.afina.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.config.AfinaConfig;
import io.afina.event.MalformedRecordException;
import io.afina.event.TrainingExample;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.event.UnusableRecordException;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.TopicFollower;
import io.afina.label.LabelLog;
import io.afina.label.LabelTable;
import io.afina.source.PictureSources;
import io.afina.source.PublishedPictures;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the training set with its pictures to a folder, by what labels are called now. */
public final class DatasetExport {

  private static final Logger LOG = LoggerFactory.getLogger(DatasetExport.class);

  private final AfinaConfig config;
  private final DatasetWriter writer;
  private final LabelTable labels;
  private final Map<String, Exported> images = new TreeMap<>();

  private DatasetExport(AfinaConfig config, DatasetWriter writer) {
    this.config = config;
    this.writer = writer;
    this.labels = LabelLog.read(config);
  }

  /**
   * What was written.
   *
   * @param written images
   * @param originals how many of them as they were published
   * @param missing images that have a label, and no picture any more
   */
  public record Result(int written, int originals, int missing) {}

  /**
   * Writes one.
   *
   * @param folder that is made, or is empty
   * @param originals whether pictures are written as they were published, where that is there
   *     still; else, and where it is gone, their reduced copies are
   * @throws io.afina.lifecycle.AfinaException when the folder is not empty
   */
  public static Result write(
      AfinaConfig config, Path folder, DatasetFormat format, Splits splits, boolean originals)
      throws IOException {
    DatasetExport export = new DatasetExport(config, new DatasetWriter(folder, format, splits));
    return export.write(originals);
  }

  private Result write(boolean originals) throws IOException {
    Deserializer<TrainingExample> examples = config.topics().training().values().deserializer();
    read(config.topics().training().name(), record -> example(record, examples));
    int original = originals ? originals() : 0;
    read(config.topics().pictures().name(), this::copy);
    int written = writer.finish();
    return new Result(written, original, images.size() - written);
  }

  private void read(String topic, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    try (var follower =
        TopicFollower.fromBeginning(KafkaSettings.reader(config).consumer(), topic, each)) {
      follower.readToEnd();
    }
  }

  private void example(
      ConsumerRecord<byte[], byte[]> record, Deserializer<TrainingExample> examples) {
    if (record.key() == null) {
      return;
    }
    String id = new String(record.key(), UTF_8);
    // What is withdrawn, or the trainer does not use, is no example.
    images.remove(id);
    try {
      TrainingExample example = examples.deserialize(record.topic(), record.value());
      if (example != null) {
        images.put(
            id,
            new Exported(
                id,
                labels.name(example.label()),
                example.labeller(),
                example.at(),
                example.image()));
      }
    } catch (MalformedRecordException e) {
      LOG.atWarn().addKeyValue("id", id).addKeyValue("why", e.getMessage()).log("no example");
    }
  }

  /** In the order in which they are on the topic, which is that of the disk. */
  private int originals() throws IOException {
    List<Exported> placed =
        images.values().stream()
            .filter(image -> image.place() != null)
            .sorted(
                Comparator.comparingInt((Exported image) -> place(image).partition())
                    .thenComparingLong(image -> place(image).offset()))
            .toList();
    int count = 0;
    PictureSources sources = new PictureSources(config.pictures(), new CompositeMeterRegistry());
    try (PublishedPictures published = new PublishedPictures(config, sources)) {
      for (Exported image : placed) {
        try {
          var picture = published.read(image.id(), place(image));
          if (picture.isPresent()) {
            writer.add(image, picture.get());
            count++;
          }
        } catch (UnusableRecordException e) {
          LOG.atInfo().addKeyValue("id", image.id()).addKeyValue("why", e.why()).log("is gone");
        }
      }
    }
    return count;
  }

  private static ImagePlace place(Exported image) {
    return Objects.requireNonNull(image.place(), image::id);
  }

  /** One image may have several copies, of which the last is it; an original is better. */
  private void copy(ConsumerRecord<byte[], byte[]> record) {
    Exported image = record.key() == null ? null : images.get(new String(record.key(), UTF_8));
    if (image != null && record.value() != null && !writer.has(image.id())) {
      try {
        writer.add(image, record.value());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
