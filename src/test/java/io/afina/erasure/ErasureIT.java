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
import io.afina.event.TrainingExample;
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
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Erasing an image by the command, from a classifier with everything that there may be of it. */
@SuppressWarnings("try") // What runs is not asked.
class ErasureIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String GONE = "to-be-erased.jpg";
  private static final String OTHER = "stays.jpg";

  @TempDir private Path folder;
  private final Closer closer = new Closer();
  private TestBroker broker;
  private AfinaConfig config;

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

  @Test
  void shouldEraseWhateverThereIsOfAnImageAndSayWhatIsLeft() throws Exception {
    try (ClassifierService classifier = classifier()) {
      // given
      publishAndLabel();
      assertThat(run("erase", "--image", GONE, "--check"))
          .contains("images: 2 records", "training: ", "labelled-changelog: ", "dead-letters: 1 ")
          .doesNotContain("erased;");

      // when
      String erased = run("erase", "--image", GONE, "--older", "--yes");

      // then
      assertThat(erased.substring(erased.indexOf("erased;")))
          .contains("training: ", "pictures: ", "gone once Kafka has compacted")
          .doesNotContain("\nimages: ", "\ncorrections: ", "\ndead-letters: ", "\nstrays: ");
      assertThat(last(TOPICS.training(), GONE)).isNull();
      assertThat(last(TOPICS.pictures(), GONE)).isNull();
      assertThat(last(TOPICS.training(), OTHER)).isNotNull();
      assertThat(last(TOPICS.pictures(), OTHER)).isNotNull();
    }
  }

  @Test
  void shouldEraseTheNameOfALabellerAndThenAnotherWithTheLabels() throws Exception {
    try (ClassifierService classifier = classifier()) {
      // given
      publishAndLabel();
      run("correct", OTHER, "wasp", "--labeller", "zo\u00eb");
      run("correct", GONE, "ant", "--labeller", "kim");
      awaitExample(GONE, "ant", "kim");
      awaitExample(OTHER, "wasp", "zo\u00eb");

      // when
      String named = run("erase", "--labeller", "zo\u00eb", "--keep-labels", "--yes");
      String erased = run("erase", "--labeller", "kim", "--older", "--yes");

      // then
      assertThat(named)
          .contains("the labeller's name: in ", "\ntraining: 1 records with the name, 0 that replace")
          .contains("\ncorrections: 1 records with the name, 1 that replace or withdraw one");
      assertThat(erased.substring(erased.indexOf("erased;")))
          .contains("\ntraining: 1 records with the name, 1 that replace")
          .doesNotContain("\ncorrections: ");
      awaitExample(OTHER, "wasp", null);
      assertThat(example(GONE).labeller()).isNotEqualTo("kim");
      assertThat(example(GONE).label()).isEqualTo("bee");
    }
  }

  @Test
  @Tag("nightly")
  void shouldLeaveNothingThatAReaderOfAllTopicsFindsAfterCompaction() throws Exception {
    try (ClassifierService classifier = classifier()) {
      // given
      publishAndLabel();

      // when: others come meanwhile, each of which waits for its image
      run("erase", "--image", GONE, "--older", "--yes");
      compactSoon();
      List<String> others = new ArrayList<>();
      await("compaction")
          .atMost(PATIENCE)
          .until(
              () -> {
                String other = "other-%d.jpg".formatted(others.size());
                others.add(other);
                run("correct", other, "bee");
                Path file = Files.createDirectories(folder.resolve(other)).resolve(other);
                Files.write(file, LabelledPicture.drawn(others.size(), 1).get(0).bytes().get());
                run("publish", file.toString());
                return topicsWith(GONE).isEmpty();
              });

      // then
      assertThat(topicsWith(OTHER)).contains(TOPICS.training().name(), TOPICS.pictures().name());
    }
  }

  /** Until there is a prediction, a label, a kept picture and a dead letter. */
  private void publishAndLabel() {
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

  private void awaitExample(String id, String label, @Nullable String labeller) {
    await("the label of " + id)
        .atMost(PATIENCE)
        .until(
            () ->
                last(TOPICS.training(), id) != null
                    && example(id).label().equals(label)
                    && Objects.equals(example(id).labeller(), labeller));
  }

  private TrainingExample example(String id) {
    return TOPICS
        .training()
        .values()
        .deserializer()
        .deserialize(TOPICS.training().name(), last(TOPICS.training(), id));
  }

  private ClassifierService classifier() {
    return new ClassifierService(config, new SimpleMeterRegistry(), Traces.off(), swap -> {});
  }

  @Test
  void shouldSayThatNobodyForgetsWhileNoClassifierRuns() {
    // given
    StringWriter err = new StringWriter();

    // when
    int exit =
        Afina.commandLine()
            .setErr(new PrintWriter(err, true))
            .execute(
                "erase",
                "--image",
                GONE,
                "--yes",
                "--patience",
                "1",
                "-b",
                broker.bootstrapServers());

    // then
    assertThat(exit).isEqualTo(ExitCode.STALLED.code());
    assertThat(err.toString()).contains("have not read [strays]", "see that they run");
  }

  private String run(String... words) {
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
  private List<String> topicsWith(String id) throws Exception {
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

  private byte @Nullable [] last(Topic<String, ?> topic, String id) {
    return all(topic.name()).stream()
        .filter(record -> Arrays.equals(record.key(), id.getBytes(UTF_8)))
        .reduce((earlier, later) -> later)
        .map(ConsumerRecord::value)
        .orElse(null);
  }

  /** Also what was never committed. */
  private List<ConsumerRecord<byte[], byte[]>> all(String topic) {
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

  private static String text(ConsumerRecord<byte[], byte[]> record) {
    StringBuilder text = new StringBuilder();
    Stream.concat(
            Stream.of(record.key(), record.value()),
            Stream.of(record.headers().toArray()).map(header -> header.value()))
        .forEach(bytes -> text.append(bytes == null ? "" : new String(bytes, ISO_8859_1)));
    return text.toString();
  }

  private void compactSoon() throws Exception {
    Map<ConfigResource, Collection<AlterConfigOp>> all = new HashMap<>();
    try (Admin admin = Admin.create(Map.copyOf(config.kafka()))) {
      for (String topic : admin.listTopics().names().get()) {
        all.put(
            new ConfigResource(ConfigResource.Type.TOPIC, topic),
            Stream.of(
                    new ConfigEntry("segment.ms", "100"),
                    new ConfigEntry("min.cleanable.dirty.ratio", "0"),
                    new ConfigEntry("delete.retention.ms", "0"))
                .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
                .toList());
      }
      all.put(
          new ConfigResource(ConfigResource.Type.BROKER, ""),
          List.of(
              new AlterConfigOp(
                  new ConfigEntry("log.cleaner.backoff.ms", "100"), AlterConfigOp.OpType.SET)));
      admin.incrementalAlterConfigs(all).all().get();
    }
  }
}
