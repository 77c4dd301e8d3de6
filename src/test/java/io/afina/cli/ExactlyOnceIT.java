package io.afina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Child;
import io.afina.broker.EmbeddedBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kills a classifier with -9, at random moments and once in the middle of a transaction, and
 * counts. More of it by hand: {@code -Dafina.pictures=5000 -Dafina.kills=10}.
 */
class ExactlyOnceIT {

  private static final int PICTURES = Integer.getInteger("afina.pictures", 1000);
  private static final int KILLS = Integer.getInteger("afina.kills", 4);
  private static final String READY = "classifying with";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"1, 2", "32, 12"})
  void shouldPredictEveryPictureOnceHoweverOftenTheClassifierIsKilled(int batch, int threads)
      throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.startFresh()) {
      // given
      AfinaConfig config =
          ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
      ReadyTopics.apply(config);
      try (Tally tally = new Tally(config)) {
        Child classifier = start(broker, batch, threads);
        publish(config);

        // when
        SplittableRandom random = new SplittableRandom(batch);
        for (int kill = 1; kill < KILLS; kill++) {
          int until = PICTURES * kill / (KILLS + 1) + random.nextInt(PICTURES / (4 * KILLS));
          tally.readUntil(() -> tally.seen() >= until);
          classifier.kill();
          classifier = start(broker, batch, threads);
        }
        int middle = PICTURES * KILLS / (KILLS + 1);
        tally.readUntil(() -> tally.seen() >= middle && tally.transactionIsOpen());
        classifier.kill();
        classifier = start(broker, batch, threads);

        // then
        tally.readUntil(() -> tally.seen() >= PICTURES);
        classifier.stop();
        tally.readToEnd();
        assertThat(tally.counts).as(classifier::output).hasSize(PICTURES);
        assertThat(tally.counts).allSatisfy((id, count) -> assertThat(count).as(id).isOne());
        assertThat(tally.deadLetters).isZero();
      }
    }
  }

  @Test
  void shouldLoseAndDoubleNothingInARollingRestartUnderLoad() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.startFresh()) {
      // given
      AfinaConfig config =
          ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
      ReadyTopics.apply(config);
      try (Tally tally = new Tally(config)) {
        Child one = start(broker, "one", 1, 1).awaitOutput(READY);
        Child two = start(broker, "two", 1, 1).awaitOutput(READY);
        publish(config);

        // when
        tally.readUntil(() -> tally.seen() >= PICTURES / 10);
        one.stop();
        one = start(broker, "one", 1, 1).awaitOutput(READY);
        two.stop();
        two = start(broker, "two", 1, 1);

        // then
        tally.readUntil(() -> tally.seen() >= PICTURES);
        tally.readToEnd();
        one.stop();
        two.stop();
        assertThat(tally.counts).as(one::output).hasSize(PICTURES);
        assertThat(tally.counts).allSatisfy((id, count) -> assertThat(count).as(id).isOne());
      }
    }
  }

  private Child start(EmbeddedBroker broker, int batch, int threads) {
    return start(broker, "batch-" + batch, batch, threads);
  }

  private Child start(EmbeddedBroker broker, String name, int batch, int threads) {
    return Child.start(
        folder,
        "classify",
        "-b",
        broker.bootstrapServers(),
        "--threads",
        "" + threads,
        "--instance-id",
        name,
        "--state-dir",
        folder.resolve(name).toString(),
        "--set",
        "classifier.batchSize=" + batch);
  }

  private static void publish(AfinaConfig config) {
    List<byte[]> pictures =
        LabelledPicture.drawn(1, 20).stream().map(picture -> picture.bytes().get()).toList();
    try (Publisher<byte[]> images = Publisher.open(config, Topics.IMAGES)) {
      for (int i = 0; i < PICTURES; i++) {
        images.send(
            new ProducerRecord<>(
                Topics.IMAGES.name(), "picture-" + i, pictures.get(i % pictures.size())));
      }
      images.flush();
    }
  }

  /** What readers of committed records see. */
  private static final class Tally implements AutoCloseable {

    private final Map<String, Integer> counts = new HashMap<>();
    private final KafkaConsumer<byte[], byte[]> outcomes;
    private final Admin admin;
    private int deadLetters;

    Tally(AfinaConfig config) {
      outcomes = Replay.followFromEnd(config, Topics.PREDICTIONS, Topics.DEAD_LETTERS);
      admin = Admin.create(Map.copyOf(config.kafka()));
    }

    int seen() {
      return counts.size();
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
      while (read(Duration.ofSeconds(3)) > 0) {
        assertThat(seen()).isLessThanOrEqualTo(PICTURES);
      }
    }

    /** Whether records were written that are not committed yet: a batch is under way. */
    boolean transactionIsOpen() {
      return !offsets(IsolationLevel.READ_COMMITTED)
          .equals(offsets(IsolationLevel.READ_UNCOMMITTED));
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
            if (record.topic().equals(Topics.DEAD_LETTERS.name())) {
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
          .filter(partition -> partition.topic().equals(Topics.PREDICTIONS.name()))
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
}
