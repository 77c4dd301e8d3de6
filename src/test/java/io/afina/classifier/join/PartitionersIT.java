package io.afina.classifier.join;

import static io.afina.DefaultTopics.TOPICS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.afina.Child;
import io.afina.Programs;
import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Correction;
import io.afina.event.Topic;
import io.afina.event.TrainingExample;
import io.afina.kafka.Homes;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.Closer;
import io.afina.replay.TopicTail;
import io.afina.topic.ReadyTopics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Images and corrections of clients with four partitioners, in any order, and classifiers that are
 * killed meanwhile: each image gives one example, with its own embedding and its own label.
 */
class PartitionersIT {

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Partitioner[] CLIENTS = Partitioner.values();
  private static final int PHOTOS = 30;

  @TempDir Path folder;

  private final Closer closer = new Closer();
  private final Map<String, List<TrainingExample>> examples = new HashMap<>();
  private final Map<String, List<Integer>> sentOn = new HashMap<>();
  private TestBroker broker;
  private AfinaConfig config;
  private KafkaConsumer<byte[], byte[]> outcomes;
  private int letters;

  @BeforeEach
  void start() {
    broker = closer.own(TestBroker.startFresh());
    config =
        ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
    ReadyTopics.apply(config);
    outcomes =
        closer.own(
            TopicTail.open(config, TOPICS.training(), TOPICS.strays(), TOPICS.deadLetters()));
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldGiveOneExampleAnImageWhateverPartitionersTheClientsHave() throws Exception {
    killAndCount(320, 1);
  }

  @Test
  @Tag("nightly")
  void shouldGiveOneExampleAnImageHoweverOftenClassifiersAreKilled() throws Exception {
    killAndCount(1_000, 8);
  }

  @Test
  void shouldJoinWhatKcatPublishesAsEverybodyWritesIt() throws Exception {
    // given
    Programs.require("kcat");
    Child classifier = classifier("kcat").awaitOutput(TextClassifier.RUNS);

    // when: pictures by kcat, corrections by Kafka's own client; and the other way round
    try (Publisher<Correction> corrections = Publisher.open(config, TOPICS.corrections());
        Publisher<byte[]> images = Publisher.open(config, TOPICS.images())) {
      Path words = folder.resolve("corrections");
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < PHOTOS; i++) {
        Path file = Files.writeString(folder.resolve(i + ".jpg"), picture(i));
        kcat("-t", "images", "-k", id(i), file.toString());
        corrections.send(new ProducerRecord<>(TOPICS.corrections().name(), id(i), label(i)));
        int other = PHOTOS + i;
        lines.add(id(other) + "={\"label\":\"" + label(other).label() + "\"}");
        images.send(
            new ProducerRecord<>(
                TOPICS.images().name(), id(other), picture(other).getBytes(UTF_8)));
      }
      Files.write(words, lines);
      kcat("-t", "corrections", "-K=", "-l", words.toString());
    }

    // then
    readUntil(2 * PHOTOS);
    classifier.stop();
    readToEnd();
    shouldBeTheirOwn(2 * PHOTOS);
    assertThat(sentOn).isNotEmpty();
  }

  private void killAndCount(int pictures, int kills) throws Exception {
    // given
    Child one = classifier("one");
    Child two = classifier("two").awaitOutput(TextClassifier.RUNS);
    one.awaitOutput(TextClassifier.RUNS);
    int away = publish(pictures);

    // when
    for (int kill = 1; kill <= kills; kill++) {
      readUntil(pictures * kill / (kills + 1));
      if (kill % 2 == 1) {
        one.kill();
        one = classifier("one");
      } else {
        two.kill();
        two = classifier("two");
      }
    }

    // then
    readUntil(pictures);
    one.stop();
    two.stop();
    readToEnd();
    shouldBeTheirOwn(pictures);
    assertThat(sentOn.values().stream().mapToInt(List::size).sum()).isEqualTo(away);
  }

  /** Publishes all of it, in any order, and says how much arrives away from its home. */
  private int publish(int pictures) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, 2 * pictures).boxed().toList());
    Collections.shuffle(order, new Random(pictures));
    int away = 0;
    try (Publisher<byte[]> images = Publisher.open(config, TOPICS.images());
        Publisher<Correction> corrections = Publisher.open(config, TOPICS.corrections())) {
      Homes homes = Homes.among(images.partitions(TOPICS.images()));
      for (int each : order) {
        int number = each / 2;
        boolean image = each % 2 == 0;
        // Every client corrects what every client published.
        Partitioner client = CLIENTS[(image ? number : number / CLIENTS.length) % CLIENTS.length];
        Integer partition =
            client.partition(id(number).getBytes(UTF_8), each, images.partitions(TOPICS.images()));
        away += partition == null || partition == homes.of(id(number)) ? 0 : 1;
        if (image) {
          images.send(record(TOPICS.images(), partition, number, n -> picture(n).getBytes(UTF_8)));
        } else {
          corrections.send(record(TOPICS.corrections(), partition, number, this::label));
        }
      }
      images.flush();
      corrections.flush();
    }
    return away;
  }

  private static <V> ProducerRecord<String, @Nullable V> record(
      Topic<String, V> topic, @Nullable Integer partition, int number, Function<Integer, V> value) {
    return new ProducerRecord<>(topic.name(), partition, id(number), value.apply(number));
  }

  private void shouldBeTheirOwn(int pictures) {
    assertThat(letters).isZero();
    assertThat(examples).hasSize(pictures);
    for (int i = 0; i < pictures; i++) {
      int number = i;
      int upper = i / 64;
      float[] own = {upper, i % 64};
      assertThat(examples.get(id(i)))
          .as(id(i))
          .singleElement()
          .satisfies(
              example ->
                  assertThat(tuple(example.label(), example.embedding().values()))
                      .isEqualTo(tuple(label(number).label(), own)));
    }
    Homes homes = Homes.among(outcomes.partitionsFor(TOPICS.strays().name()).size());
    assertThat(sentOn)
        .allSatisfy((id, partitions) -> assertThat(partitions).as(id).containsOnly(homes.of(id)));
  }

  private void readUntil(int count) {
    await("%d examples".formatted(count))
        .atMost(PATIENCE)
        .until(
            () -> {
              read(Duration.ofMillis(100));
              return examples.size() >= count;
            });
  }

  /** Reads until nothing has come for a while: a double would come late, too. */
  private void readToEnd() {
    int more = 1;
    while (more > 0) {
      more = read(Duration.ofSeconds(3));
    }
  }

  private int read(Duration timeout) {
    var records = outcomes.poll(timeout);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String id = new String(record.key(), UTF_8);
      if (record.topic().equals(TOPICS.deadLetters().name())) {
        letters++;
      } else if (record.topic().equals(TOPICS.strays().name())) {
        sentOn.computeIfAbsent(id, any -> new ArrayList<>()).add(record.partition());
      } else {
        examples
            .computeIfAbsent(id, any -> new ArrayList<>())
            .add(TOPICS.training().values().deserializer().deserialize("", record.value()));
      }
    }
    return records.count();
  }

  private Child classifier(String name) {
    return closer.own(
        Child.start(
            folder,
            name,
            List.of(),
            TextClassifier.class,
            List.of(broker.bootstrapServers(), name, folder.resolve("state-" + name).toString())));
  }

  private void kcat(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("kcat", "-P", "-b", broker.bootstrapServers()));
    command.addAll(List.of(arguments));
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  private static String id(int number) {
    return "picture-" + number;
  }

  /** Its own embedding: two numbers that a half holds exactly. */
  private static String picture(int number) {
    return number / 64 + " " + number % 64;
  }

  private Correction label(int number) {
    return new Correction("label-" + number, "mia", null, null);
  }
}
