package io.afina.cli;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.broker.TestBroker;
import io.afina.cli.service.ClassifierService;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.DeadLetter;
import io.afina.event.RecordId;
import io.afina.event.Topic;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.metrics.Traces;
import io.afina.replay.LabelledPicture;
import io.afina.replay.TopicTail;
import io.afina.topic.ReadyTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that stay in a folder, by the commands that publish, show and replay them. */
class ReferencesIT {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Closer closer = new Closer();
  @TempDir private Path folder;
  private Path pictures;
  private TestBroker broker;

  @BeforeEach
  void start() throws Exception {
    broker = closer.own(TestBroker.startFresh());
    ReadyTopics.apply(config());
    pictures = Files.createDirectory(folder.resolve("pictures"));
    for (LabelledPicture picture : LabelledPicture.drawn(1, 2)) {
      Files.write(pictures.resolve(picture.id()), picture.bytes().get());
    }
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldClassifyWhatStaysInAFolder() throws Exception {
    // given
    run("publish", "--reference", pictures.toString());
    Path gone = pictures.resolve("gone.png");
    Path list =
        Files.writeString(folder.resolve("list"), "# one\n" + gone.toUri().toASCIIString() + "\n");
    run("publish", "--uri-list", list.toString());
    classifyUntil(2, 1);
    ConsumerRecord<byte[], byte[]> letter = read(TOPICS.deadLetters()).get(0);
    assertThat(DeadLetter.from(letter.headers()).reason().text()).isEqualTo("not-found");
    assertThat(new String(letter.value(), StandardCharsets.UTF_8))
        .isEqualTo(gone.toUri().toASCIIString());

    // when
    byte[] picture = LabelledPicture.drawn(2, 1).get(0).bytes().get();
    Files.write(gone, picture);
    Path shown = folder.resolve("shown.png");
    String id = new RecordId(letter.partition(), letter.offset()).text();
    run("dead-letters", "show", id, "--picture", shown.toString());
    run("dead-letters", "replay", "--reason", "not-found");
    classifyUntil(3, 1);

    // then
    assertThat(Files.readAllBytes(shown)).isEqualTo(picture);
    assertThat(read(TOPICS.images()))
        .hasSize(4)
        .allSatisfy(image -> assertThat(image.serializedValueSize()).isLessThan(300));
    assertThat(read(TOPICS.deadLetters())).hasSize(2);
  }

  private void classifyUntil(int predictions, int deadLetters) {
    try (ClassifierService classifier =
        new ClassifierService(config(), new SimpleMeterRegistry(), Traces.off(), swap -> {})) {
      classifier.running().join();
      await("all references have an outcome")
          .atMost(PATIENCE)
          .until(
              () ->
                  read(TOPICS.predictions()).size() == predictions
                      && read(TOPICS.deadLetters()).size() >= deadLetters);
    }
  }

  private AfinaConfig config() {
    return ConfigLoader.defaults()
        .set("kafka.bootstrap.servers", broker.bootstrapServers())
        .set("classifier.stateDir", folder.resolve("state"))
        .set("classifier.threads", 1)
        .set("pictures.sources", allowed())
        .load();
  }

  private String allowed() {
    return folder.resolve("pictures").toUri().toString();
  }

  private void run(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
    all.addAll(List.of("--set", "pictures.sources=" + allowed()));
    assertThat(Afina.commandLine().execute(all.toArray(String[]::new)))
        .as(String.join(" ", all))
        .isEqualTo(ExitCode.OK.code());
  }

  /** Everything that is committed on a topic now. */
  private List<ConsumerRecord<byte[], byte[]>> read(Topic<?, ?> topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = TopicTail.open(config(), topic)) {
      var ends = consumer.endOffsets(consumer.assignment());
      consumer.seekToBeginning(consumer.assignment());
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }
}
