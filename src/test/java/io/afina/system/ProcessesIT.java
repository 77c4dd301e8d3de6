package io.afina.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.Child;
import io.afina.Ports;
import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.ExitCode;
import io.afina.model.ModelLog;
import io.afina.replay.LabelledPicture;
import io.afina.replay.Replay;
import io.afina.replay.ReplayScore;
import io.afina.topic.OldBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Afina as people run it: processes that are started, stopped and killed. */
class ProcessesIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Replay.Pace ALL_AT_ONCE = new Replay.Pace(1, 0, 1);

  /** What Java ends with; no code of Afina's own is the same. */
  private static final int OUT_OF_MEMORY = 3;

  @TempDir Path folder;

  @Test
  void shouldGoOnWithTheLastChampionAfterARestart() throws Exception {
    // given
    int port = Ports.free();
    AfinaConfig config = config("127.0.0.1:" + port);
    String[] up = {
      "up", "--data", folder.resolve("data").toString(), "--port", "" + port, "--label-port", "0"
    };
    long champion;
    try (Child first = Child.start(folder, up).awaitOutput("Ctrl-C stops it");
        Replay replay = new Replay(config, ALL_AT_ONCE)) {
      ReplayScore score = replay.stream(LabelledPicture.drawn(1, 60), true, s -> {});
      assertThat(score.predictions()).isEqualTo(60);
      assertThat(replay.awaitLearned(PATIENCE)).isTrue();
      champion = newestHead(config);

      // when
      first.stop();
    }

    // then
    try (Child second = Child.start(folder, up).awaitOutput("Ctrl-C stops it");
        Replay replay = new Replay(config, ALL_AT_ONCE)) {
      ReplayScore score = replay.stream(LabelledPicture.drawn(2, 20), false, s -> {});
      assertThat(score.predictions()).as(second::output).isEqualTo(20);
      assertThat(score.heads()).containsExactly(champion);
    }
  }

  @Test
  @Tag("nightly")
  void shouldMoveTheWorkOfAKilledClassifierToTheOther() throws Exception {
    try (TestBroker broker = TestBroker.startFresh()) {
      // given
      AfinaConfig config = config(broker.bootstrapServers());
      assertThat(
              Child.start(folder, "topics", "apply", "-b", broker.bootstrapServers()).awaitExit())
          .isZero();
      try (Child first = classifier(broker, "one").awaitOutput("classifying with");
          Child second = classifier(broker, "two").awaitOutput("classifying with");
          Replay replay = new Replay(config, new Replay.Pace(0, 60, 1))) {
        // when
        AtomicInteger seen = new AtomicInteger();
        CompletableFuture<ReplayScore> streaming =
            CompletableFuture.supplyAsync(
                () ->
                    replay.stream(
                        LabelledPicture.drawn(3, 240), false, s -> seen.set(s.predictions())));
        await("the first of the predictions").atMost(PATIENCE).until(() -> seen.get() >= 60);
        first.kill();

        // then
        ReplayScore score = streaming.join();
        assertThat(score.predictions()).as(second::output).isEqualTo(240);
        assertThat(score.duplicates()).isZero();
      }
    }
  }

  @Test
  void shouldEndInOneSentenceAndADistinctExitCode() throws Exception {
    try (TestBroker broker = TestBroker.startFresh()) {
      shouldFail(
          ExitCode.TOPICS, "afina topics apply", "classify", "-b", broker.bootstrapServers());
    }
    shouldFail(
        ExitCode.UNREACHABLE,
        "no broker answers at 127.0.0.1:1",
        "train",
        "-b",
        "127.0.0.1:1",
        "--set",
        "startup.brokerPatience=1ms");
    shouldFail(ExitCode.USAGE, "Unknown option", "classify", "--nonsense");
    shouldFail(
        ExitCode.CONFIGURATION, "trainer.interval", "train", "--set", "trainer.interval=soon");
    shouldFail(ExitCode.BACKBONE, "none.pt", "demo", "--backbone", "none.pt", "--count", "1");
    shouldFail(ExitCode.NOT_FOUND, "nowhere", "demo", "--pictures", "nowhere");
  }

  @Test
  void shouldEndWithJavasOwnCodeWhenTheHeapIsFull() throws Exception {
    // given
    Map<String, String> tooSmall = Map.of("AFINA_OPTS", "-Xms12m -Xmx12m -Xmn4m");

    // when
    try (Child child = Child.start(folder, tooSmall, "demo", "--count", "1")) {

      // then
      assertThat(child.awaitExit()).as(child::output).isEqualTo(OUT_OF_MEMORY);
      assertThat(child.output()).contains("java.lang.OutOfMemoryError");
    }
  }

  @Test
  void shouldNotTakeAnotherClustersStateNorBrokersThatAreTooOld() throws Exception {
    try (TestBroker broker = TestBroker.startFresh();
        OldBroker old = new OldBroker()) {
      String here = broker.bootstrapServers();
      assertThat(Child.start(folder, "topics", "apply", "-b", here).awaitExit()).isZero();
      Files.writeString(
          folder.resolve("afina-state.json"), "{\"cluster\": \"cluster-a\", \"layout\": 1}");
      shouldFail(
          ExitCode.STATE,
          "belongs to the cluster cluster-a",
          "classify",
          "-b",
          here,
          "--state-dir",
          folder.toString());
      shouldFail(ExitCode.BROKER_TOO_OLD, "are too old", "classify", "-b", old.bootstrapServers());
    }
  }

  private void shouldFail(ExitCode code, String sentence, String... arguments)
      throws InterruptedException {
    try (Child child = Child.start(folder, arguments)) {
      assertThat(child.awaitExit()).as(child::output).isEqualTo(code.code());
      assertThat(child.output()).contains(sentence).doesNotContain("\tat ");
    }
  }

  private Child classifier(TestBroker broker, String name) {
    return Child.start(
        folder,
        "classify",
        "-b",
        broker.bootstrapServers(),
        "--threads",
        "1",
        "--state-dir",
        folder.resolve(name).toString());
  }

  private static AfinaConfig config(String servers) {
    return ConfigLoader.defaults().set("kafka.bootstrap.servers", servers).load();
  }

  private static long newestHead(AfinaConfig config) {
    try (ModelLog models = ModelLog.open(config)) {
      models.readToEnd();
      return models.newest();
    }
  }
}
