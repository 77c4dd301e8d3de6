package io.afina.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.broker.TestBroker;
import io.afina.cli.Afina;
import io.afina.cli.models.RegistryModelActions;
import io.afina.cli.service.LocalServices;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.DeadLetter;
import io.afina.event.Topic;
import io.afina.event.Topics;
import io.afina.labelling.http.Client;
import io.afina.labelling.http.LabelServer;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.metrics.Traces;
import io.afina.replay.LabelledPicture;
import io.afina.replay.Replay;
import io.afina.replay.ReplayScore;
import io.afina.replay.TopicTail;
import io.afina.topic.PlanRequest;
import io.afina.topic.TopicAdmin;
import io.afina.topic.TopicChange.Refused;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Two installations on one cluster, of which neither sees anything of the other. */
class TwoInstallationsIT {

  private static final int PICTURES = 60;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String THEIRS = "a.";
  private static final Set<String> GROUPS =
      Set.of("afina-classifier", "afina-classifier-keeper", "afina-trainer", "afina-labelling");

  private final Closer closer = new Closer();
  private @TempDir Path folder;
  private TestBroker broker;
  private Admin admin;
  private Installation plain;
  private Installation prefixed;

  @BeforeEach
  void start() {
    broker = closer.own(TestBroker.startFresh());
    admin = closer.own(Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers())));
    plain = new Installation("");
    prefixed = new Installation(THEIRS);
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldShareAClusterUnseenByEachOther() throws Exception {
    // given
    List<Installation> both = List.of(plain, prefixed);

    // when
    for (Installation installation : both) {
      installation.learn();
      installation.replayDeadLetter();
    }

    // then
    for (Installation installation : both) {
      installation.shouldHaveOnlyItsOwnRecords();
      installation.shouldExportOnlyItsOwnExamples();
      installation.shouldBeAsItsDescriptionsSay();
    }
    assertThat(plain.find(prefixed.pictureId())).isEqualTo(404);
    assertThat(prefixed.find(prefixed.pictureId())).isEqualTo(200);
    shouldHaveNamesThatAreTheSameButForThePrefix();
    shouldReadAndWriteOnlyItsOwnTopics();
    shouldNotPruneWhatIsTheOthers();
  }

  private void shouldHaveNamesThatAreTheSameButForThePrefix() throws Exception {
    Set<String> topics = admin.listTopics().names().get();
    assertThat(theirs(topics)).hasSizeGreaterThan(7).isEqualTo(ours(topics));
    Set<String> groups =
        admin.listGroups().all().get().stream()
            .map(GroupListing::groupId)
            .collect(Collectors.toSet());
    assertThat(theirs(groups)).isEqualTo(ours(groups)).containsExactlyInAnyOrderElementsOf(GROUPS);
    Set<String> transactions =
        admin.listTransactions().all().get().stream()
            .map(TransactionListing::transactionalId)
            // Kafka Streams adds the process, at random, and the thread.
            .map(id -> id.replaceFirst("(afina-classifier)-.*", "$1"))
            .collect(Collectors.toSet());
    assertThat(theirs(transactions))
        .isEqualTo(ours(transactions))
        .containsExactlyInAnyOrder(
            "afina-classifier", "afina-dead-letters", "afina-trainer", "afina-trainer-labels");
  }

  private void shouldReadAndWriteOnlyItsOwnTopics() throws Exception {
    for (String group : GROUPS) {
      for (Installation installation : List.of(plain, prefixed)) {
        Set<TopicPartition> read =
            admin
                .listConsumerGroupOffsets(installation.prefix + group)
                .partitionsToOffsetAndMetadata()
                .get()
                .keySet();
        assertThat(read).allMatch(partition -> installation.owns(partition.topic()));
      }
    }
  }

  private void shouldNotPruneWhatIsTheOthers() {
    for (Installation other : List.of(plain, prefixed)) {
      Installation self = other == plain ? prefixed : plain;
      String changelog = other.config.classifier().applicationId() + "-waiting-changelog";
      try (TopicAdmin topics = TopicAdmin.connect(self.config)) {
        PlanRequest request =
            new PlanRequest(
                null,
                self.config.classifier().applicationId(),
                Set.of(changelog, other.config.topics().models().name()));
        assertThat(topics.plan(request).changes())
            .hasSize(2)
            .allMatch(change -> change instanceof Refused);
      }
    }
  }

  private static Set<String> theirs(Set<String> names) {
    return names.stream()
        .filter(name -> name.startsWith(THEIRS))
        .map(name -> name.substring(THEIRS.length()))
        .collect(Collectors.toSet());
  }

  private static Set<String> ours(Set<String> names) {
    return names.stream().filter(name -> !name.startsWith(THEIRS)).collect(Collectors.toSet());
  }

  /** One of them, with its roles in this process; both have the same folder of state stores. */
  private final class Installation {

    private final String prefix;
    private final AfinaConfig config;
    private final List<LabelledPicture> pictures;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LabelServer page;

    Installation(String prefix) {
      this.prefix = prefix;
      config =
          ConfigLoader.defaults()
              .set("kafka.bootstrap.servers", broker.bootstrapServers())
              .set("topics.prefix", prefix)
              .set("classifier.stateDir", folder.resolve("state"))
              .set("classifier.threads", 1)
              .set("labelling.port", 0)
              .load();
      pictures =
          LabelledPicture.drawn(1, PICTURES).stream()
              .map(drawn -> new LabelledPicture(own(drawn.id()), drawn.label(), drawn.bytes()))
              .toList();
      closer.own(new LocalServices(config, meters, Traces.off(), swap -> {}));
      page =
          closer.own(
              new LabelServer(config, new RegistryModelActions(config), meters, Traces.off()));
    }

    private String own(String id) {
      return "of-" + prefix + "/" + id;
    }

    private boolean owns(String topic) {
      return topic.startsWith(THEIRS) == prefix.equals(THEIRS);
    }

    private String pictureId() {
      return pictures.get(0).id();
    }

    private void learn() {
      try (Replay replay = new Replay(config, new Replay.Pace(1, 0, 1))) {
        ReplayScore score = replay.stream(pictures, true, outcome -> {});
        assertThat(score.predictions()).isEqualTo(PICTURES);
        assertThat(score.duplicates()).isZero();
        assertThat(replay.awaitLearned(PATIENCE)).isTrue();
      }
      assertThat(meters.get("afina.backlog.records").tag("topic", "images").gauge()).isNotNull();
    }

    private void replayDeadLetter() throws Exception {
      Path file = Files.write(folder.resolve("broken"), new byte[] {(byte) 0xff, (byte) 0xd8, -1});
      run("publish", file.toString(), "--id-prefix", own(""));
      await("a dead letter").atMost(PATIENCE).until(() -> deadLetters().size() == 1);
      assertThat(DeadLetter.from(deadLetters().get(0).headers()).topic())
          .isEqualTo(prefix + "images");
      assertThat(run("dead-letters", "replay", "--reason", "broken-picture", "--topic", "images"))
          .contains("put back 1 dead letters");
      // The first, the mark that it was put back, and it again.
      await("it is set aside again").atMost(PATIENCE).until(() -> deadLetters().size() == 3);
    }

    private void shouldHaveOnlyItsOwnRecords() {
      Topics topics = config.topics();
      List<String> keys =
          Stream.of(
                  topics.images(),
                  topics.predictions(),
                  topics.review(),
                  topics.corrections(),
                  topics.training(),
                  topics.deadLetters())
              .flatMap(topic -> read(topic).stream())
              .filter(record -> record.key() != null)
              .map(record -> new String(record.key(), StandardCharsets.UTF_8))
              .toList();
      assertThat(keys).hasSizeGreaterThan(4 * PICTURES).allMatch(key -> key.startsWith(own("")));
      assertThat(read(topics.models())).isNotEmpty();
    }

    private void shouldExportOnlyItsOwnExamples() throws Exception {
      Path file = folder.resolve("examples.csv");
      run("examples", "export", file.toString());
      assertThat(Files.readAllLines(file))
          .hasSize(PICTURES + 1)
          .filteredOn(line -> line.contains(own("")))
          .hasSize(PICTURES);
    }

    private void shouldBeAsItsDescriptionsSay() {
      assertThat(run("topics", "verify")).contains("The topics are as described.");
    }

    /** The status that the page answers for an image. */
    private int find(String id) {
      return Client.open(page.address()).send("GET", "/api/images?id=" + id, null).statusCode();
    }

    private List<ConsumerRecord<byte[], byte[]>> deadLetters() {
      return read(config.topics().deadLetters());
    }

    private List<ConsumerRecord<byte[], byte[]>> read(Topic<?, ?> topic) {
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      try (KafkaConsumer<byte[], byte[]> consumer = TopicTail.open(config, topic)) {
        var ends = consumer.endOffsets(consumer.assignment());
        consumer.seekToBeginning(consumer.assignment());
        while (ends.entrySet().stream()
            .anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
          consumer.poll(Duration.ofMillis(100)).forEach(records::add);
        }
      }
      return records;
    }

    /** Runs a command and gives what it prints. */
    private String run(String... args) {
      List<String> all = new ArrayList<>(List.of(args));
      all.addAll(List.of("-b", broker.bootstrapServers(), "--set", "topics.prefix=" + prefix));
      StringWriter out = new StringWriter();
      CommandLine command = Afina.commandLine();
      command.setOut(new PrintWriter(out));
      assertThat(command.execute(all.toArray(String[]::new))).isEqualTo(ExitCode.OK.code());
      return out.toString();
    }
  }
}
