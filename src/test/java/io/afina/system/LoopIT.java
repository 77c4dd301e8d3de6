package io.afina.system;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.broker.TestBroker;
import io.afina.cli.service.LocalServices;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.DeadLetter;
import io.afina.event.Topic;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.Closer;
import io.afina.metrics.Traces;
import io.afina.model.SwapResult;
import io.afina.replay.LabelledPicture;
import io.afina.replay.Replay;
import io.afina.replay.ReplayScore;
import io.afina.replay.TopicTail;
import io.afina.topic.Schemas;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole loop over a real broker: pictures, predictions, corrections, heads, swaps. */
class LoopIT {

  private static final int PICTURES = 400;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Closer closer = new Closer();
  private final List<SwapResult> swaps = new CopyOnWriteArrayList<>();
  private final Schemas schemas = new Schemas();
  private AfinaConfig config;

  @BeforeEach
  void start(@TempDir Path state) {
    TestBroker broker = closer.own(TestBroker.startFresh());
    config =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", broker.bootstrapServers())
            .set("classifier.stateDir", state)
            .load();
    closer.own(new LocalServices(config, new SimpleMeterRegistry(), Traces.off(), swaps::add));
  }

  @AfterEach
  void stop() {
    try (closer) {
      everything(TOPICS.predictions(), TOPICS.corrections(), TOPICS.models());
    }
  }

  @Test
  void shouldLearnWhilePicturesStreamAndPredictEachOnce() {
    try (Replay replay = new Replay(config, new Replay.Pace(1, 40, 1))) {
      // when
      ReplayScore streamed = replay.stream(LabelledPicture.drawn(1, PICTURES), true, score -> {});
      boolean learned = replay.awaitLearned(PATIENCE);
      ReplayScore unseen = replay.stream(LabelledPicture.drawn(2, 100), false, score -> {});

      // then
      assertThat(learned).isTrue();
      assertThat(streamed.predictions()).isEqualTo(PICTURES);
      assertThat(streamed.duplicates()).isZero();
      assertThat(streamed.heads().size()).isGreaterThanOrEqualTo(2);
      assertThat(swaps).allSatisfy(swap -> assertThat(swap).isInstanceOf(SwapResult.Swapped.class));
      assertThat(headKeys()).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(swaps.size());
      assertThat(unseen.predictions()).isEqualTo(100);
      assertThat(unseen.accuracy()).isGreaterThan(0.8);
      assertThat(unseen.heads()).hasSize(1);
    }
  }

  @Test
  void shouldSetAsideWhatIsNoPictureAndGoOn() {
    try (Publisher<byte[]> images = Publisher.open(config, TOPICS.images());
        KafkaConsumer<byte[], byte[]> outcomes =
            TopicTail.open(config, TOPICS.deadLetters(), TOPICS.predictions())) {
      // given
      byte[] text = "not a picture".getBytes(StandardCharsets.UTF_8);

      // when
      images.send(new ProducerRecord<>(TOPICS.images().name(), "text", text));
      images.send(
          new ProducerRecord<>(
              TOPICS.images().name(), "drawn", LabelledPicture.drawn(1, 1).get(0).bytes().get()));
      images.flush();

      // then
      List<ConsumerRecord<byte[], byte[]>> records = take(outcomes, 2);
      assertThat(records)
          .filteredOn(record -> record.topic().equals("dead-letters"))
          .singleElement()
          .satisfies(
              letter -> {
                assertThat(letter.value()).isEqualTo(text);
                DeadLetter why = DeadLetter.from(letter.headers());
                assertThat(why.reason()).isEqualTo(DeadLetter.Reason.NOT_A_PICTURE);
                assertThat(why.topic()).isEqualTo("images");
              });
      assertThat(records)
          .filteredOn(record -> record.topic().equals("predictions"))
          .singleElement()
          .satisfies(
              prediction ->
                  assertThat(prediction.key()).isEqualTo("drawn".getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** The keys of all heads that were ever published, in their order. */
  private List<String> headKeys() {
    return everything(TOPICS.models()).stream()
        .map(record -> new String(record.key(), StandardCharsets.UTF_8))
        .filter(key -> key.startsWith("head/"))
        .toList();
  }

  /** All that is on topics now; every JSON record follows its schema. */
  private List<ConsumerRecord<byte[], byte[]>> everything(Topic<?, ?>... topics) {
    try (KafkaConsumer<byte[], byte[]> consumer = TopicTail.open(config, topics)) {
      Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
      consumer.seekToBeginning(consumer.assignment());
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      while (ends.keySet().stream()
          .anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      records.forEach(this::requireSchema);
      return records;
    }
  }

  private void requireSchema(ConsumerRecord<byte[], byte[]> record) {
    schemas.require(
        record.topic(), new String(record.key(), StandardCharsets.UTF_8), record.value());
  }

  private List<ConsumerRecord<byte[], byte[]>> take(
      KafkaConsumer<byte[], byte[]> consumer, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (records.size() < count && System.nanoTime() < deadline) {
      consumer.poll(Duration.ofMillis(100)).forEach(records::add);
    }
    records.forEach(this::requireSchema);
    return records;
  }
}
