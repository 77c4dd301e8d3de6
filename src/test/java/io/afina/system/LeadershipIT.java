package io.afina.system;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.Child;
import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.kafka.KafkaSettings;
import io.afina.model.ModelLog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two trainers as processes of their own, the leader of which is paused as a machine may be. */
class LeadershipIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String LEADS = "leads the trainers";
  private static final String RESIGNS = "leads no longer";

  @TempDir Path folder;

  private final Random random = new Random(7);
  private TestBroker broker;
  private AfinaConfig config;
  private ModelLog models;
  private int sent;

  @BeforeEach
  void start() throws Exception {
    broker = TestBroker.startFresh();
    config =
        ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
    assertThat(Child.start(folder, "topics", "apply", "-b", broker.bootstrapServers()).awaitExit())
        .isZero();
    models = ModelLog.open(config);
  }

  @AfterEach
  void stop() {
    models.close();
    broker.close();
  }

  @Test
  void shouldFenceALeaderThatWasPausedWhileAnotherTookOver() {
    try (Child first = trainer().awaitOutput(LEADS);
        Child second = trainer().awaitOutput("training is ready")) {
      // given
      send(60);
      awaitHeadAfter(0);
      await("one of them leads").atMost(PATIENCE).until(() -> leads(first) != leads(second));
      Child leader = leads(first) ? first : second;
      Child other = leads(first) ? second : first;
      int resigned = count(leader, RESIGNS);

      // when
      leader.signal("STOP");
      long before = models.newest();
      send(60);
      awaitHeadAfter(before);
      assertThat(leads(other)).isTrue();

      // then
      leader.signal("CONT");
      await("the leader of before resigns")
          .atMost(PATIENCE)
          .until(() -> count(leader, RESIGNS) > resigned);
      long taken = models.newest();
      send(60);
      awaitHeadAfter(taken);
      assertThat(headKeys()).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(3);
    }
  }

  private static boolean leads(Child trainer) {
    return count(trainer, LEADS) > count(trainer, RESIGNS);
  }

  private static int count(Child trainer, String what) {
    return trainer.output().split(what, -1).length - 1;
  }

  private Child trainer() {
    return Child.start(folder, "train", "-b", broker.bootstrapServers());
  }

  private void awaitHeadAfter(long version) {
    await("a head after " + version)
        .atMost(PATIENCE)
        .until(
            () -> {
              models.poll(Duration.ofMillis(100));
              return models.newest() > version;
            });
  }

  private void send(int examples) {
    try (KafkaProducer<String, TrainingExample> producer =
        new KafkaProducer<>(
            new KafkaSettings(config).toMap(),
            TOPICS.training().keys().serializer(),
            TOPICS.training().values().serializer())) {
      for (int n = 0; n < examples; n++) {
        float[] values = {random.nextFloat(), random.nextFloat()};
        values[n % 2] += 3;
        TrainingExample example =
            new TrainingExample(
                n % 2 == 0 ? "ant" : "bee",
                "mia",
                Instant.EPOCH,
                new Embedding("ab".repeat(32), values));
        var unused =
            producer.send(
                new ProducerRecord<>(TOPICS.training().name(), "image-" + sent++, example));
      }
    }
  }

  /** The keys of all committed heads, one a record. */
  private List<String> headKeys() {
    TopicPartition partition = new TopicPartition(TOPICS.models().name(), 0);
    List<String> keys = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            new KafkaSettings(config).require("isolation.level", "read_committed").toMap(),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(
                record -> {
                  if (record.key().startsWith("head/")) {
                    keys.add(record.key());
                  }
                });
      }
    }
    return keys;
  }
}
