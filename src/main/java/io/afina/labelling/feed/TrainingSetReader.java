package io.afina.labelling.feed;

import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.Topic;
import io.afina.event.TrainingExample;
import io.afina.kafka.TopicFollower;
import io.afina.label.LabelTable;
import io.afina.labelling.feed.BulkCorrections.Form;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Writes the training set as it is now: which image bears which label, and who said so. */
public final class TrainingSetReader {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final CsvSchema COLUMNS =
      CsvSchema.builder()
          .addColumn("id")
          .addColumn("label")
          .addColumn("labeller")
          .addColumn("at")
          .build()
          .withHeader();

  private TrainingSetReader() {}

  /** One training example without its embedding. */
  record Row(String id, String label, @Nullable String labeller, Instant at) {}

  /**
   * Reads {@code training} to its present end and writes the examples, ordered by image id.
   *
   * @param topic that has them
   * @param labels what they are called
   * @throws IllegalStateException when Kafka stops answering
   */
  public static long write(
      Topic<String, TrainingExample> topic,
      LabelTable labels,
      Supplier<KafkaConsumer<byte[], byte[]>> consumers,
      Form form,
      OutputStream out)
      throws IOException {
    Map<String, Row> rows;
    try (KafkaConsumer<byte[], byte[]> consumer = consumers.get()) {
      rows = read(topic, labels, consumer);
    }
    if (form == Form.CSV) {
      csv(rows, out);
    } else {
      for (Row row : rows.values()) {
        out.write(Json.write(row));
        out.write('\n');
      }
    }
    out.flush();
    return rows.size();
  }

  private static void csv(Map<String, Row> rows, OutputStream out) throws IOException {
    try (var writer =
        new CsvMapper()
            .disable(com.fasterxml.jackson.core.JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .writerFor(String[].class)
            .with(COLUMNS)
            .writeValues(out)) {
      for (Row row : rows.values()) {
        String labeller = Objects.requireNonNullElse(row.labeller(), "");
        writer.write(new String[] {row.id(), row.label(), labeller, row.at().toString()});
      }
    }
  }

  private static Map<String, Row> read(
      Topic<String, TrainingExample> topic,
      LabelTable labels,
      KafkaConsumer<byte[], byte[]> consumer) {
    Deserializer<TrainingExample> values = topic.values().deserializer();
    Map<String, Row> rows = new TreeMap<>();
    TopicFollower<byte[], byte[]> follower =
        TopicFollower.fromBeginning(
            consumer, topic.name(), record -> apply(record, values, labels, rows));
    follower.readTo(consumer.endOffsets(consumer.assignment()), PATIENCE);
    return rows;
  }

  private static void apply(
      ConsumerRecord<byte[], byte[]> record,
      Deserializer<TrainingExample> values,
      LabelTable labels,
      Map<String, Row> rows) {
    if (record.key() == null) {
      return;
    }
    String id = new String(record.key(), StandardCharsets.UTF_8);
    try {
      TrainingExample example = values.deserialize(record.topic(), record.value());
      if (example == null) {
        rows.remove(id);
      } else {
        rows.put(id, new Row(id, labels.name(example.label()), example.labeller(), example.at()));
      }
    } catch (MalformedRecordException e) {
      // What the trainer does not use is no example.
      rows.remove(id);
    }
  }
}
