package io.afina.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.Shared;
import io.afina.broker.TestBroker;
import io.afina.cli.Afina;
import io.afina.cli.service.ClassifierService;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Correction;
import io.afina.event.Json;
import io.afina.event.Sha256;
import io.afina.event.Topic;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.TopicFollower;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.metrics.Traces;
import io.afina.replay.LabelledPicture;
import io.afina.topic.ReadyTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Out of one installation and into another, by the commands, over a broker. */
@SuppressWarnings("try") // What runs is not asked.
class DatasetIT {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir private Path temporary;
  private final Closer closer = new Closer();
  private TestBroker broker;

  @BeforeEach
  void start() {
    broker = closer.own(TestBroker.startFresh());
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldBeTheSameSetAfterImportExportAndImport() throws IOException {
    // given
    Path drawn = temporary.resolve("drawn");
    for (LabelledPicture picture : LabelledPicture.drawn(8, 6)) {
      Path file = drawn.resolve(picture.label()).resolve(picture.id().replace('/', '-') + ".jpg");
      Files.createDirectories(file.getParent());
      Files.write(file, picture.bytes().get());
    }

    // then
    assertSameAfterAll(drawn, 6);
  }

  @Test
  @Tag("nightly")
  void shouldBeTheSameSetOfPhotographs() throws IOException {
    assertSameAfterAll(Shared.require("photos/hymenoptera"), 397);
  }

  private void assertSameAfterAll(Path dataset, int size) throws IOException {
    AfinaConfig first = config("first.");
    AfinaConfig second = config("second.");

    // when: in, with a classifier that joins
    try (ClassifierService classifier =
        new ClassifierService(first, new SimpleMeterRegistry(), Traces.off(), swap -> {})) {
      assertThat(run("first.", "import", dataset.toString()))
          .contains("%1$d images: published %1$d pictures, sent %1$d labels".formatted(size));
      await("kept pictures")
          .atMost(PATIENCE)
          .until(() -> last(first, first.topics().pictures()).size() == size);
    }

    // and: once more, nothing is sent
    assertThat(run("first.", "import", dataset.toString()))
        .contains("published 0 pictures, sent 0");

    // and: out in every form, and in elsewhere
    for (DatasetFormat format : DatasetFormat.values()) {
      Path out = temporary.resolve(format.toString());
      assertThat(run("first.", "export", "--originals", "--format", format + "", out.toString()))
          .contains("%1$d images written".formatted(size), "%d of them as".formatted(size));
      run("second.", "import", out.toString());
    }

    // then
    assertThat(set(second)).hasSize(size).isEqualTo(set(first));
    assertThat(run("first.", "export", temporary.resolve("reduced").toString()))
        .contains("%d images written".formatted(size), "0 of them as");
    assertExportsByTheNamesOfNow();
  }

  private void assertExportsByTheNamesOfNow() throws IOException {
    // given
    String before = Files.readString(temporary.resolve("reduced").resolve("labels.csv"));
    String label = before.lines().skip(1).findFirst().orElseThrow().split(",", -1)[2];
    execute("first.", "labels", "describe", label, "--text", "for a test");

    // when
    execute("first.", "labels", "rename", label, "called anew");

    // then
    run("first.", "export", temporary.resolve("renamed").toString());
    assertThat(Files.readString(temporary.resolve("renamed").resolve("labels.csv")))
        .contains("called anew")
        .doesNotContain("," + label + ",");
    execute("first.", "examples", "export", temporary.resolve("all.csv").toString());
    assertThat(temporary.resolve("all.csv"))
        .content()
        .contains("called anew")
        .doesNotContain("," + label + ",");
  }

  /** The hash of each image's picture, and its label, by its id. */
  private Map<String, String> set(AfinaConfig config) {
    Map<String, String> set = new TreeMap<>();
    last(config, config.topics().images()).forEach((id, bytes) -> set.put(id, Sha256.hex(bytes)));
    last(config, config.topics().corrections())
        .forEach(
            (id, json) ->
                set.merge(id, Json.read(json, Correction.class).label(), (a, b) -> a + " " + b));
    return set;
  }

  private static Map<String, byte[]> last(AfinaConfig config, Topic<String, ?> topic) {
    Map<String, byte[]> last = new TreeMap<>();
    try (var follower =
        TopicFollower.fromBeginning(
            KafkaSettings.reader(config).consumer(),
            topic.name(),
            record -> last.put(new String(record.key(), UTF_8), record.value()))) {
      follower.readToEnd();
    }
    return last;
  }

  private String run(String prefix, String... words) {
    return execute(
        prefix, Stream.concat(Stream.of("dataset"), Stream.of(words)).toArray(String[]::new));
  }

  private String execute(String prefix, String... words) {
    StringWriter out = new StringWriter();
    int exit =
        Afina.commandLine()
            .setOut(new PrintWriter(out, true))
            .execute(
                Stream.of(
                        Stream.of(words),
                        Stream.of("-b", broker.bootstrapServers()),
                        Stream.of("--set", "topics.prefix=" + prefix))
                    .flatMap(all -> all)
                    .toArray(String[]::new));
    assertThat(exit).as(out.toString()).isEqualTo(ExitCode.OK.code());
    return out.toString();
  }

  private AfinaConfig config(String prefix) {
    AfinaConfig config =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", broker.bootstrapServers())
            .set("topics.prefix", prefix)
            .set("classifier.threads", 2)
            .set("classifier.stateDir", temporary.resolve("state-" + prefix))
            .load();
    ReadyTopics.apply(config);
    return config;
  }
}
