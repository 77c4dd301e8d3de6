package io.afina.label;

import io.afina.config.AfinaConfig;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.Topic;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.TopicFollower;
import io.afina.label.name.LabelName;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topic {@code labels} and keeps the table of it. Owns its consumer; for one thread, but
 * for {@link #table}.
 */
public final class LabelLog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LabelLog.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final Map<String, LabelRecord> records = new HashMap<>();
  private final TopicFollower<String, byte[]> follower;
  private volatile LabelTable table = LabelTable.EMPTY;

  /** Opens it on the cluster that the configuration names, and reads all that is there now. */
  public LabelLog(AfinaConfig config) {
    Topic<String, byte[]> topic = config.topics().labels();
    follower =
        TopicFollower.fromBeginning(
            new KafkaConsumer<>(
                KafkaSettings.reader(config).toMap(),
                topic.keys().deserializer(),
                topic.values().deserializer()),
            topic.name(),
            this::apply);
    try {
      follower.readToEnd();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    table = new LabelTable(records);
  }

  /** Reads what labels are called now. */
  public static LabelTable read(AfinaConfig config) {
    try (LabelLog log = new LabelLog(config)) {
      return log.table();
    }
  }

  /** The labels of now. */
  public LabelTable table() {
    return table;
  }

  /** Takes what came, if anything did; whether the table is another then. */
  public boolean poll() {
    return follower.poll(Duration.ZERO) > 0 && renew();
  }

  /**
   * Follows in a thread of its own from here on; this log then belongs to that thread.
   *
   * @param changed told the table at once, and whenever it is another
   */
  public void follow(String thread, Consumer<LabelTable> changed) {
    changed.accept(table);
    follower.follow(
        thread,
        POLL,
        records -> {
          if (records > 0 && renew()) {
            changed.accept(table);
          }
        });
  }

  /** Completes when {@link #follow} ended, exceptionally when it failed. */
  public CompletableFuture<Void> ended() {
    return follower.ended();
  }

  @Override
  public void close() {
    follower.close();
  }

  private boolean renew() {
    LabelTable now = new LabelTable(records);
    boolean other = !now.equals(table);
    table = now;
    return other;
  }

  private void apply(ConsumerRecord<String, byte[]> record) {
    try {
      String id = record.key();
      if (id == null || id.isEmpty() || !id.equals(LabelName.key(id))) {
        throw new MalformedRecordException("has a key that is no label's id");
      }
      if (record.value() == null) {
        records.remove(id);
      } else {
        records.put(id, Json.readWhole(record.value(), LabelRecord.class));
      }
    } catch (MalformedRecordException e) {
      LOG.atWarn()
          .addKeyValue("label", record.key())
          .addKeyValue("offset", record.offset())
          .addKeyValue("why", e.getMessage())
          .log("ignored label");
    }
  }
}
