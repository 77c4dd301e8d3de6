package io.afina.system;

import static io.afina.walk.Step.pause;
import static io.afina.walk.Step.say;
import static io.afina.walk.Step.since;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.Shared;
import io.afina.backbone.BackboneResolver;
import io.afina.broker.TestBroker;
import io.afina.cli.service.LocalServices;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.Closer;
import io.afina.metrics.Traces;
import io.afina.model.HeadFile;
import io.afina.model.ModelLog;
import io.afina.replay.LabelledPicture;
import io.afina.replay.Replay;
import io.afina.replay.ReplayScore;
import io.afina.topic.ReadyTopics;
import io.afina.walk.Installation;
import io.afina.walk.Installation.Instance;
import io.afina.walk.KeptTopics;
import io.afina.walk.Load;
import io.afina.walk.Predictions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replaces the backbone of running processes and goes back, while pictures come. Half of the
 * labelled pictures are older than what {@code images} keeps.
 */
class BackboneUpgradeIT {

  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final Duration BETWEEN_PICTURES = Duration.ofMillis(50);
  private static final Duration BEFORE_A_SWAP = Duration.ofSeconds(20);
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(15);
  private static final String BUNDLED = "bundled:small_res_112.onnx";
  private static final Replay.Pace ALL = new Replay.Pace(1, 0, 1);

  @TempDir Path folder;

  private final Closer closer = new Closer();
  private final Random random = new Random(17);
  private AfinaConfig config;
  private Installation afina;
  private Predictions predictions;
  private KeptTopics topics;
  private List<String> killable = List.of();
  private long lastKill = System.nanoTime();
  private int kills;

  @BeforeEach
  void start() throws Exception {
    TestBroker broker = closer.own(TestBroker.startFresh());
    config =
        ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
    ReadyTopics.apply(config);
    predictions = closer.own(new Predictions(config));
    topics = new KeptTopics(config);
    afina = closer.own(new Installation(folder, broker));
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  /** The two forms of the bundled backbone count as two. */
  @Test
  void shouldReplaceTheBackboneAndGoBackWithoutAPredictionWithoutALabel() throws Exception {
    // given
    List<LabelledPicture> pictures = LabelledPicture.drawn(1, 60);
    begin(List.of("one"), pictures);

    // when
    upgrade("bundled:small_res_112.pt", pictures.size(), false);
    rollback();

    // then
    shouldHaveLostNothing(pictures.size());
  }

  @Test
  @Tag("nightly")
  void shouldLoseNothingWhileClassifiersAreKilled() throws Exception {
    // given
    List<LabelledPicture> pictures =
        new ArrayList<>(LabelledPicture.folder(Shared.require("photos/small10/train"), 1));
    pictures.addAll(LabelledPicture.folder(Shared.require("photos/small10/val"), 1));
    List<LabelledPicture> labelled = pictures.subList(0, 2_000);
    List<LabelledPicture> unseen = pictures.subList(2_000, pictures.size());
    String other = Shared.require("backbones/mobilenet_v2/mobilenet_v2.onnx").toString();
    begin(List.of("one", "two"), labelled);
    killable = List.of("one", "two");

    // when
    upgrade(other, labelled.size(), false);
    double accuracy = accuracy(unseen);
    finish(labelled.size());
    // Back to the worse one, as the gate does not.
    upgrade(BUNDLED, labelled.size(), true);
    finish(labelled.size());

    // then
    shouldHaveLostNothing(labelled.size());
    double scratch = fromScratch(other, labelled, unseen);
    say("accuracy on %d unseen: %.3f, from scratch %.3f", unseen.size(), accuracy, scratch);
    assertThat(accuracy).isGreaterThan(scratch - 0.03);
  }

  private void begin(List<String> classifiers, List<LabelledPicture> labelled) throws Exception {
    for (String name : classifiers) {
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
    int half = labelled.size() / 2;
    try (Replay replay = new Replay(config, ALL)) {
      replay.stream(labelled.subList(0, half), true, score -> {});
      until("half are kept", () -> topics.kept() >= half);
      topics.forgetImages();
      replay.stream(labelled.subList(half, labelled.size()), true, score -> {});
      until("all are examples", () -> topics.examples().size() == labelled.size());
    }
    until("a head answers", () -> predictions.labelled());
    Load load = closer.own(new Load(config, BETWEEN_PICTURES));
    load.start();
    until("pictures come", () -> load.published() > 20);
    predictions.forget();
  }

  private void upgrade(String address, int labelled, boolean byHand) throws Exception {
    String before = predictions.backbone().orElseThrow();
    predictions.measureGap();
    pause(BEFORE_A_SWAP);
    long p99 = predictions.p99Millis();
    long start = System.nanoTime();
    long newest = newestHead();
    run("backbone", "upgrade", address, "--wait");
    say("%s is loaded everywhere after %s", address, since(start));
    predictions.measureGap();
    if (byHand) {
      until("a head of it is promoted", () -> promoted(address, newest));
    }
    until("it answers", () -> !predictions.backbone().orElseThrow().equals(before));
    pause(BEFORE_A_SWAP);
    say(
        "it answers after %s; p99 before the upgrade %d ms, through re-embedding and swap %d ms, gap %s",
        since(start), p99, predictions.p99Millis(), predictions.gap());
    String now = predictions.backbone().orElseThrow();
    // What a killed classifier had begun is seen once its transaction has timed out.
    until("all examples have its embedding", () -> embedded(now) == labelled);
    assertThat(topics.examples()).hasSize(labelled);
  }

  private long embedded(String backbone) {
    return topics.examples().values().stream()
        .filter(example -> example.embedding(backbone).isPresent())
        .count();
  }

  /** While a killed classifier has not loaded the backbone again, this is refused. */
  private boolean promoted(String address, long after) throws Exception {
    String wanted = new BackboneResolver(config.backbone()).resolve(address).id();
    try (ModelLog models = ModelLog.open(config)) {
      models.readToEnd();
      Optional<Long> newest =
          models.versions().tailSet(after, false).descendingSet().stream()
              .filter(version -> isOf(wanted, models.head(version).orElseThrow()))
              .findFirst();
      return newest.isPresent()
          && afina.run(List.of("models", "promote", newest.get().toString())).awaitExit() == 0;
    }
  }

  private long newestHead() {
    try (ModelLog models = ModelLog.open(config)) {
      models.readToEnd();
      return models.newest();
    }
  }

  private static boolean isOf(String backbone, byte[] head) {
    return HeadFile.card(head).filter(card -> card.backbone().equals(backbone)).isPresent();
  }

  private void rollback() throws Exception {
    String before = predictions.backbone().orElseThrow();
    run("models", "rollback");
    until("the one before answers", () -> !predictions.backbone().orElseThrow().equals(before));
  }

  private void finish(int labelled) throws Exception {
    run("backbone", "upgrade", "--finish");
    until(
        "the embeddings of the one before are dropped",
        () ->
            topics.examples().values().stream()
                .allMatch(example -> example.embeddings().size() == 1));
    assertThat(topics.examples()).hasSize(labelled);
  }

  private void shouldHaveLostNothing(int labelled) throws Exception {
    say("%d kills, %d predictions", kills, predictions.images());
    assertThat(predictions.unlabelled()).isEmpty();
    assertThat(topics.examples()).hasSize(labelled);
  }

  private double accuracy(List<LabelledPicture> unseen) {
    try (Replay replay = new Replay(config, ALL)) {
      return replay.stream(unseen, false, score -> {}).accuracy();
    }
  }

  /** An installation of its own on the same cluster. */
  private double fromScratch(
      String backbone, List<LabelledPicture> labelled, List<LabelledPicture> unseen) {
    AfinaConfig own =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", config.kafka().get("bootstrap.servers"))
            .set("topics.prefix", "scratch.")
            .set("backbone.address", backbone)
            .set("classifier.stateDir", folder.resolve("scratch").toString())
            .load();
    try (LocalServices services =
            new LocalServices(own, new SimpleMeterRegistry(), Traces.off(), swap -> {});
        Replay replay = new Replay(own, ALL)) {
      replay.stream(labelled, true, score -> {});
      assertThat(replay.awaitLearned(PATIENCE)).isTrue();
      ReplayScore score = replay.stream(unseen, false, s -> {});
      assertThat(services.classifier().running()).isDone();
      return score.accuracy();
    }
  }

  private void run(String... command) throws Exception {
    var child = afina.run(List.of(command));
    assertThat(child.awaitExit()).as(child::output).isZero();
  }

  /** Classifiers are killed meanwhile, where that is asked for. */
  private void until(String what, Callable<Boolean> enough) {
    await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              killSometimes();
              return enough.call();
            });
  }

  /** Never the last that classifies. */
  private void killSometimes() throws InterruptedException {
    if (!killable.isEmpty()
        && System.nanoTime() - lastKill > BETWEEN_KILLS.toNanos()
        && killable.stream().map(afina::of).allMatch(afina::isReady)) {
      Instance instance = afina.of(killable.get(random.nextInt(killable.size())));
      instance.kill();
      afina.start(instance.name(), instance.command());
      kills++;
      lastKill = System.nanoTime();
    }
  }
}
