package io.afina.system;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.AfinaConfig;
import io.afina.replay.TopicTail;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** What readers of committed records see: every prediction, counted by image id. */
final class Tally implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Map<String, Integer> counts = new HashMap<>();
  private final KafkaConsumer<byte[], byte[]> outcomes;
  private final Admin admin;
  private int deadLetters;

  Tally(AfinaConfig config) {
    outcomes = TopicTail.open(config, TOPICS.predictions(), TOPICS.deadLetters());
    admin = Admin.create(Map.copyOf(config.kafka()));
  }

  int seen() {
    return counts.size();
  }

  /** How many predictions there are of each image. */
  Map<String, Integer> counts() {
    return Map.copyOf(counts);
  }

  int deadLetters() {
    return deadLetters;
  }

  void readUntil(BooleanSupplier enough) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!enough.getAsBoolean()) {
      assertThat(System.nanoTime()).as("%d predictions", seen()).isLessThan(deadline);
      read(Duration.ofMillis(5));
    }
  }

  /** Reads until nothing has come for a while: a double would come late, too. */
  void readToEnd() {
    int more = 1;
    while (more > 0) {
      more = read(Duration.ofSeconds(3));
    }
  }

  /** Whether records were written that are not committed yet: a batch is under way. */
  boolean transactionIsOpen() {
    return !offsets(IsolationLevel.READ_COMMITTED).equals(offsets(IsolationLevel.READ_UNCOMMITTED));
  }

  @Override
  public void close() {
    outcomes.close();
    admin.close();
  }

  private int read(Duration timeout) {
    var records = outcomes.poll(timeout);
    records.forEach(
        record -> {
          if (record.topic().equals(TOPICS.deadLetters().name())) {
            deadLetters++;
          } else {
            counts.merge(new String(record.key(), StandardCharsets.UTF_8), 1, Integer::sum);
          }
        });
    return records.count();
  }

  private Map<TopicPartition, Long> offsets(IsolationLevel isolation) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    outcomes.assignment().stream()
        .filter(partition -> partition.topic().equals(TOPICS.predictions().name()))
        .forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    try {
      admin
          .listOffsets(wanted, new ListOffsetsOptions(isolation))
          .all()
          .get()
          .forEach((partition, info) -> offsets.put(partition, info.offset()));
      return offsets;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
