package io.afina.erasure;

import static io.afina.DefaultTopics.TOPICS;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.broker.TestBroker;
import io.afina.cli.Afina;
import io.afina.cli.service.ClassifierService;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Topic;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.TopicFollower;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.metrics.Traces;
import io.afina.replay.LabelledPicture;
import io.afina.topic.PlanRequest;
import io.afina.topic.TopicAdmin;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Commands that erase, and a classifier with everything that there may be of an image. */
abstract class ErasureTestBase {

  static final Duration PATIENCE = Duration.ofMinutes(2);
  static final String GONE = "to-be-erased.jpg";
  static final String OTHER = "stays.jpg";

  @TempDir Path folder;
  final Closer closer = new Closer();
  TestBroker broker;
  AfinaConfig config;

  @BeforeEach
  void start() throws Exception {
    broker = closer.own(TestBroker.startFresh());
    config =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", broker.bootstrapServers())
            .set("classifier.threads", 1)
            .set("classifier.stateDir", folder.resolve("state"))
            .load();
    try (TopicAdmin topics = TopicAdmin.connect(config)) {
      topics.apply(topics.plan(new PlanRequest(1, config.classifier().applicationId(), Set.of())));
    }
    List<LabelledPicture> drawn = LabelledPicture.drawn(22, 2);
    Files.createDirectories(folder.resolve("pictures"));
    Files.write(folder.resolve("pictures").resolve(GONE), drawn.get(0).bytes().get());
    Files.write(folder.resolve("pictures").resolve(OTHER), drawn.get(1).bytes().get());
    Files.createDirectories(folder.resolve("broken"));
    Files.writeString(folder.resolve("broken").resolve(GONE), "\u00ff\u00d8\u00ff", ISO_8859_1);
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  /** Until there is a prediction, a label, a kept picture and a dead letter. */
  void publishAndLabel() {
    run("correct", GONE, "bee");
    run("publish", folder.resolve("pictures").toString());
    run("publish", folder.resolve("broken").toString());
    run("correct", OTHER, "bee");
    await("everything there may be")
        .atMost(PATIENCE)
        .until(
            () ->
                topicsWith(GONE)
                        .containsAll(
                            Stream.of(
                                    TOPICS.images(),
                                    TOPICS.predictions(),
                                    TOPICS.corrections(),
                                    TOPICS.training(),
                                    TOPICS.pictures(),
                                    TOPICS.deadLetters())
                                .map(Topic::name)
                                .toList())
                    && last(TOPICS.pictures(), OTHER) != null);
  }

  ClassifierService classifier() {
    return new ClassifierService(config, new SimpleMeterRegistry(), Traces.off(), swap -> {});
  }

  String run(String... words) {
    StringWriter out = new StringWriter();
    int exit =
        Afina.commandLine()
            .setOut(new PrintWriter(out, true))
            .execute(
                Stream.concat(Stream.of(words), Stream.of("-b", broker.bootstrapServers()))
                    .toArray(String[]::new));
    assertThat(exit).as(String.join(" ", words)).isEqualTo(ExitCode.OK.code());
    return out.toString();
  }

  /** The topics, all that there are, that have the id anywhere in a record. */
  List<String> topicsWith(String id) throws Exception {
    List<String> with = new ArrayList<>();
    try (Admin admin = Admin.create(Map.copyOf(config.kafka()))) {
      for (String topic : admin.listTopics().names().get()) {
        if (all(topic).stream().anyMatch(record -> text(record).contains(id))) {
          with.add(topic);
        }
      }
    }
    return with;
  }

  byte @Nullable [] last(Topic<String, ?> topic, String id) {
    return all(topic.name()).stream()
        .filter(record -> Arrays.equals(record.key(), id.getBytes(UTF_8)))
        .reduce((earlier, later) -> later)
        .map(ConsumerRecord::value)
        .orElse(null);
  }

  /** Also what was never committed. */
  List<ConsumerRecord<byte[], byte[]>> all(String topic) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (var follower =
        TopicFollower.fromBeginning(
            KafkaSettings.reader(config)
                .require(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted")
                .consumer(),
            topic,
            all::add)) {
      follower.readToEnd();
    }
    return all;
  }

  static String text(ConsumerRecord<byte[], byte[]> record) {
    StringBuilder text = new StringBuilder();
    Stream.concat(
            Stream.of(record.key(), record.value()),
            Stream.of(record.headers().toArray()).map(header -> header.value()))
        .forEach(bytes -> text.append(bytes == null ? "" : new String(bytes, ISO_8859_1)));
    return text.toString();
  }
}
