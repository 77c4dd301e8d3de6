package io.afina.system;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.Child;
import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.Publisher;
import io.afina.replay.LabelledPicture;
import io.afina.replay.TopicTail;
import io.afina.topic.ReadyTopics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A classifier that is told to stop while pictures queue. */
class DrainIT {

  private static final int PICTURES = 500;
  private static final int STOPPED_AFTER = 50;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** 128 and the number of the signal, as a shell has it. */
  private static final int TERMINATED = 143;

  @TempDir Path folder;

  private final List<String> predicted = new ArrayList<>();

  @Test
  void shouldCommitWhatIsUnderWayLeaveTheGroupAndLetTheNextGoOn() throws Exception {
    try (TestBroker broker = TestBroker.startFresh()) {
      // given
      AfinaConfig config =
          ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
      ReadyTopics.apply(config);
      try (KafkaConsumer<byte[], byte[]> predictions =
              TopicTail.open(config, TOPICS.predictions());
          Admin admin = Admin.create(new KafkaSettings(config).toMap())) {
        publish(config);

        // when
        Child first = classifier(broker, "one");
        awaitPredictions(predictions, STOPPED_AFTER);
        first.signal("TERM");
        int exit = first.awaitExit();

        // then
        assertThat(exit).as(first::output).isEqualTo(TERMINATED);
        assertThat(first.output()).contains("classifier drained").doesNotContain("ERROR");
        assertThat(group(admin, config).members()).isEmpty();
        long committed = committed(admin, config);
        awaitPredictions(predictions, committed);
        assertThat(predicted).hasSize((int) committed).doesNotHaveDuplicates();
        assertThat(predicted).as("it was under load").hasSizeLessThan(PICTURES);

        // when
        try (Child second = classifier(broker, "two")) {
          awaitPredictions(predictions, PICTURES);
          assertThat(predicted).as(second::output).hasSize(PICTURES).doesNotHaveDuplicates();
        }
      }
    }
  }

  @Test
  void shouldEndAlsoWhenTheBrokerIsGone() throws Exception {
    // given
    Child classifier;
    try (TestBroker broker = TestBroker.startAlone()) {
      ReadyTopics.apply(
          ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load());
      classifier = classifier(broker, "one").awaitOutput("classifying with");
    }

    try (classifier) {
      // when
      classifier.signal("TERM");

      // then
      assertThat(classifier.awaitExit()).as(classifier::output).isEqualTo(TERMINATED);
    }
  }

  private Child classifier(TestBroker broker, String name) {
    return Child.start(
        folder,
        "classify",
        "-b",
        broker.bootstrapServers(),
        "--state-dir",
        folder.resolve(name).toString(),
        "--set",
        "classifier.drain=10s");
  }

  private static void publish(AfinaConfig config) {
    byte[] picture = LabelledPicture.drawn(1, 1).get(0).bytes().get();
    try (Publisher<byte[]> images = Publisher.open(config, TOPICS.images())) {
      for (int i = 0; i < PICTURES; i++) {
        images.send(new ProducerRecord<>(TOPICS.images().name(), "picture-" + i, picture));
      }
      images.flush();
    }
  }

  private void awaitPredictions(KafkaConsumer<byte[], byte[]> predictions, long count) {
    await(count + " predictions").atMost(PATIENCE).until(() -> predictions(predictions) >= count);
  }

  private int predictions(KafkaConsumer<byte[], byte[]> consumer) {
    consumer
        .poll(Duration.ofMillis(100))
        .forEach(record -> predicted.add(new String(record.key(), StandardCharsets.UTF_8)));
    return predicted.size();
  }

  private static ConsumerGroupDescription group(Admin admin, AfinaConfig config) throws Exception {
    return admin
        .describeConsumerGroups(List.of(config.classifier().applicationId()))
        .all()
        .get()
        .values()
        .iterator()
        .next();
  }

  /** How many images the group is done with. */
  private static long committed(Admin admin, AfinaConfig config) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        admin
            .listConsumerGroupOffsets(config.classifier().applicationId())
            .partitionsToOffsetAndMetadata()
            .get();
    return offsets.entrySet().stream()
        .filter(entry -> entry.getKey().topic().equals(TOPICS.images().name()))
        .mapToLong(entry -> entry.getValue().offset())
        .sum();
  }
}
