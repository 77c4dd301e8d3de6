package io.afina.system;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.broker.TestBroker;
import io.afina.cli.Afina;
import io.afina.cli.service.LocalServices;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Score;
import io.afina.label.LabelLog;
import io.afina.lifecycle.Closer;
import io.afina.metrics.Traces;
import io.afina.replay.LabelledPicture;
import io.afina.replay.Replay;
import io.afina.replay.TopicTail;
import io.afina.topic.ReadyTopics;
import io.afina.walk.Installation;
import io.afina.walk.Installation.Instance;
import io.afina.walk.KeptTopics;
import io.afina.walk.Load;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changes labels while pictures come: what is published a second later is predicted by names that
 * are in use, and by no other; what people said stays as it is.
 */
class LabelChangesIT {

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Duration BETWEEN_PICTURES = Duration.ofMillis(20);
  private static final long A_SECOND = 1_000;
  private static final int LABELLED = 60;

  /** Predictions that are looked at after each change. */
  private static final int ENOUGH = 10;

  @TempDir Path folder;

  private final Closer closer = new Closer();
  private final Deserializer<Prediction> values = TOPICS.predictions().values().deserializer();
  private final List<Prediction> seen = new ArrayList<>();
  private TestBroker broker;
  private AfinaConfig config;
  private KafkaConsumer<byte[], byte[]> tail;
  private KeptTopics topics;
  private Map<String, String> said = Map.of();

  @BeforeEach
  void start() {
    broker = closer.own(TestBroker.startFresh());
    config =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", broker.bootstrapServers())
            .set("classifier.stateDir", folder.resolve("state").toString())
            .set("classifier.threads", 1)
            .load();
    ReadyTopics.apply(config);
    topics = new KeptTopics(config);
    tail = closer.own(TopicTail.open(config, TOPICS.predictions()));
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldPredictByNamesThatAreInUseASecondAfterAChange() {
    // given
    closer.own(new LocalServices(config, new SimpleMeterRegistry(), Traces.off(), swap -> {}));
    learn();
    List<String> names = namesInUse();

    // when, then
    change("rename", names.get(0), "a new name");
    change("merge", names.get(1), "a new name");
    change("undo", names.get(1));
    change("undo");
    assertThat(namesInUse()).containsExactlyInAnyOrderElementsOf(names);
    assertThat(saidByPeople()).isEqualTo(said);
  }

  @Test
  @Tag("nightly")
  void shouldPredictByNamesThatAreInUseThoughProcessesAreKilled() throws Exception {
    // given
    Installation afina = closer.own(new Installation(folder, broker));
    for (String name : List.of("one", "two")) {
      afina.start(
          name,
          List.of(
              "classify",
              "--threads=1",
              "--instance-id=" + name,
              "--state-dir=" + folder.resolve("state-" + name)));
    }
    afina.start("trainer", List.of("train"));
    afina.awaitReady(afina.all());
    learn();
    List<String> names = namesInUse();

    // when, then
    for (Instance instance : List.copyOf(afina.all())) {
      instance.kill();
      afina.start(instance.name(), instance.command());
      changeAndBack(names.get(0), names.get(1), names.get(2));
    }
    afina.awaitReady(afina.all());
    assertThat(namesInUse()).containsExactlyInAnyOrderElementsOf(names);
    assertThat(saidByPeople()).isEqualTo(said);
  }

  private void learn() {
    try (Replay replay = new Replay(config, new Replay.Pace(1, 0, 1))) {
      replay.stream(LabelledPicture.drawn(1, LABELLED), true, score -> {});
      assertThat(replay.awaitLearned(PATIENCE)).isTrue();
    }
    said = saidByPeople();
    assertThat(said).hasSize(LABELLED);
    Load load = closer.own(new Load(config, BETWEEN_PICTURES));
    load.start();
  }

  private void changeAndBack(String renamed, String merged, String retired) {
    change("rename", renamed, "a new name");
    change("merge", merged, "a new name");
    change("retire", retired);
    change("undo", retired);
    change("undo", merged);
    change("undo");
  }

  /** Makes a change, and looks at what is predicted of pictures that come a second later. */
  private void change(String... command) {
    List<String> arguments = new ArrayList<>(List.of("labels"));
    arguments.addAll(List.of(command));
    arguments.addAll(List.of("-b", broker.bootstrapServers()));
    assertThat(Afina.commandLine().execute(arguments.toArray(String[]::new))).isZero();
    long from = System.currentTimeMillis() + A_SECOND;
    await(String.join(" ", arguments) + " is over and pictures came since")
        .atMost(PATIENCE)
        .until(() -> predictedSince(from).size() >= ENOUGH);
    Set<String> inUse = new HashSet<>(namesInUse());
    assertThat(predictedSince(from))
        .as(String.join(" ", command))
        .allSatisfy(
            prediction -> assertThat(prediction.top()).extracting(Score::label).isSubsetOf(inUse))
        .allSatisfy(
            prediction ->
                assertThat(prediction.top().stream().mapToDouble(Score::confidence).sum())
                    .isLessThan(1 + 1e-6));
  }

  /** The predictions with a label of pictures that were published at this time or later. */
  private List<Prediction> predictedSince(long millis) {
    tail.poll(Duration.ofMillis(200))
        .forEach(record -> seen.add(values.deserialize(record.topic(), record.value())));
    return seen.stream()
        .filter(prediction -> prediction.image().timestamp() >= millis)
        .filter(prediction -> prediction.label() != null)
        .toList();
  }

  private List<String> namesInUse() {
    return LabelLog.read(config).names().stream().sorted().toList();
  }

  /** What people said of each image, as it stands on {@code training}. */
  private Map<String, String> saidByPeople() {
    Map<String, String> all = new TreeMap<>();
    topics
        .examples()
        .forEach((id, example) -> all.put(id, "%s %s".formatted(example.label(), example.at())));
    return all;
  }
}
