package io.afina.system;

import static io.afina.walk.Step.pause;
import static io.afina.walk.Step.say;
import static io.afina.walk.Step.since;
import static io.afina.walk.Step.text;
import static io.afina.walk.Step.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Ports;
import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.topic.ReadyTopics;
import io.afina.walk.Installation;
import io.afina.walk.Installation.Instance;
import io.afina.walk.Labeller;
import io.afina.walk.Load;
import io.afina.walk.Predictions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A walk through what an operator does: two classifiers, two trainers and a labelling page, ten
 * pictures a second, and readiness alone says when the next step begins. Each step prints what it
 * saw.
 */
class WalkIT {

  /** What is wanted is 2 s; two cores that others use too are slower. */
  private static final Duration LONGEST_GAP =
      Duration.ofMillis(Integer.getInteger("afina.gap", 5_000));

  /** Of the members of the group: what is recommended, or another to compare with. */
  private static final int SESSION_MILLIS = Integer.getInteger("afina.session", 45_000);

  /** A minute or an hour, as in {@code 1m} or {@code 1h}. */
  private static final Duration IDLE =
      Duration.parse("PT" + System.getProperty("afina.idle", "1m"));

  /** Longer than transactions that were under way take to end. */
  private static final Duration AFTERWARDS = Duration.ofSeconds(2);

  private static final int PARTITIONS = 24;
  private static final int UNDER_WAY = 20;
  private static final List<String> CLASSIFIERS = List.of("one", "two");
  private static final String OTHER_BACKBONE = "bundled:small_res_112.pt";
  private static final String REFUSED = "needs backbone";
  private static final Pattern PRUNE = Pattern.compile("--prune ([\\w.-]+)");

  @TempDir Path folder;

  private final Closer closer = new Closer();
  private final int labelPort = Ports.free();
  private AfinaConfig config;
  private Installation afina;
  private Predictions predictions;
  private Load load;

  @BeforeEach
  void start() throws Exception {
    TestBroker broker = closer.own(TestBroker.startFresh());
    config =
        ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
    ReadyTopics.apply(config);
    predictions = closer.own(new Predictions(config));
    load = closer.own(new Load(config));
    afina = closer.own(new Installation(folder, broker));
    load.start();
    for (String name : CLASSIFIERS) {
      classify(name, "state-" + name);
    }
    afina.start("trainer one", List.of("train"));
    afina.start("trainer two", List.of("train"));
    afina.start("page", List.of("label", "--port=" + labelPort));
    afina.awaitReady(afina.all());
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldLearnAndPredictWithoutAGapWhenReadinessAloneSaysWhoIsNext() throws Exception {
    // when
    learn("the first labels");
    restart(CLASSIFIERS);

    // then
    predictions.shouldBeOneForEach(load);
  }

  @Test
  @Tag("nightly")
  void shouldSaySoAndLoseNothingOnTheWholeWay() throws Exception {
    // when
    learn("the first labels");
    restart(List.of("one", "two", "trainer one", "trainer two", "page"));
    crash();
    grow();
    learn("labels after topics were grown");
    changeBackbone();

    // then
    predictions.shouldBeOneForEach(load);
    shouldBeIdle();
  }

  /** Answers as a person would until a head of these labels predicts. */
  private void learn(String labels) {
    long before = predictions.head().orElse(0L);
    Labeller labeller = new Labeller("http://127.0.0.1:" + labelPort, load::label);
    long start = System.nanoTime();
    until(
        "a head of these labels answers",
        () -> {
          labeller.answer();
          return predictions.head().orElse(0L) > before;
        });
    say("%s: a head answers after %s, %d answers", labels, since(start), labeller.answers());
  }

  private void restart(List<String> names) {
    predictions.measureGap();
    for (String name : names) {
      Instance before = afina.of(name);
      long start = System.nanoTime();
      before.terminate();
      String stopped = since(start);
      Instance after = afina.start(name, before.command());
      until("it is ready", () -> afina.isReady(after));
      say("restart of %s: ended after %s, ready again after %s", name, stopped, since(start));
    }
    Duration gap = predictions.gap();
    say("rolling restart: the longest time without a prediction was %s", text(gap));
    assertThat(gap).isLessThan(LONGEST_GAP);
  }

  /** Killed, one comes back at once and the other after its session is over. */
  private void crash() throws Exception {
    awaitShared();
    predictions.measureGap();
    Instance one = afina.of("one");
    long killed = one.kill();
    afina.start("one", one.command());
    String back = awaitAllPartitions(killed);
    say("killed and started: all partitions go on after %s, gap %s", back, text(predictions.gap()));
    afina.awaitReady(List.of(afina.of("one")));

    awaitShared();
    predictions.measureGap();
    Instance two = afina.of("two");
    long away = two.kill();
    String moved = awaitAllPartitions(away);
    Duration session = Duration.ofMillis(SESSION_MILLIS);
    assertThat(Duration.ofNanos(System.nanoTime() - away))
        .isBetween(session.minusSeconds(5), session.plusSeconds(60));
    say(
        "killed and not started: all partitions go on after %s, gap %s",
        moved, text(predictions.gap()));
    afina.start("two", two.command());
    afina.awaitReady(List.of(afina.of("two")));
    awaitShared();
  }

  private void grow() throws Exception {
    // given
    predictions.measureGap();
    List<Instance> classifiers = CLASSIFIERS.stream().map(afina::of).toList();
    long start = System.nanoTime();

    // when
    afina.grow(PARTITIONS);
    until("a classifier ends", () -> !classifiers.stream().allMatch(Instance::isAlive));
    String first = since(start);
    until("the other ends", () -> classifiers.stream().noneMatch(Instance::isAlive));

    // then
    String sentence = classifiers.get(0).lastLine();
    say("topics grown to %d: the classifiers end after %s and %s", PARTITIONS, first, since(start));
    say("  they say: %s", sentence);
    assertThat(classifiers)
        .allSatisfy(
            ended -> assertThat(ended.child().awaitExit()).isEqualTo(ExitCode.TOPICS.code()));
    assertThat(afina.run(List.of("topics", "verify")).awaitExit())
        .isEqualTo(ExitCode.TOPICS.code());
    List<String> apply = new ArrayList<>(List.of("topics", "apply"));
    PRUNE.matcher(sentence).results().map(found -> "--prune=" + found.group(1)).forEach(apply::add);
    until("the group has forgotten them", () -> afina.run(apply).awaitExit() == 0);
    say("  its --prune is done after %s", since(start));
    for (String name : CLASSIFIERS) {
      classify(name, "grown-" + name);
    }
    afina.awaitReady(CLASSIFIERS.stream().map(afina::of).toList());
    load.stop();
    load.start();
    say("  applied and started with empty folders: gap %s", text(predictions.gap()));
  }

  private void changeBackbone() throws Exception {
    // given no upgrade, which would be the way
    predictions.shouldBeOneForEach(load);
    String old = predictions.backbone().orElseThrow();
    CLASSIFIERS.forEach(name -> afina.of(name).terminate());
    for (String name : CLASSIFIERS) {
      classify(name, "grown-" + name, "--backbone=" + OTHER_BACKBONE);
    }
    load.start();
    until("the other backbone runs", () -> !predictions.backbone().orElseThrow().equals(old));
    until("both say so", () -> CLASSIFIERS.stream().allMatch(n -> said(n).contains(REFUSED)));
    assertThat(predictions.head()).isEmpty();
    say("another backbone: pictures are predicted without a label, and readiness says");
    say("  %s", said("one"));
    predictions.shouldBeOneForEach(load);

    // when they are as before
    CLASSIFIERS.forEach(name -> afina.of(name).terminate());
    for (String name : CLASSIFIERS) {
      classify(name, "grown-" + name);
    }
    load.start();

    // then
    until("a head answers", () -> predictions.head().isPresent());
    afina.awaitReady(CLASSIFIERS.stream().map(afina::of).toList());
  }

  private void shouldBeIdle() throws Exception {
    afina.during(() -> pause(IDLE)).forEach(line -> say("idle: %s", line));
    afina.awaitReady(afina.all());
  }

  private void classify(String name, String state, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "classify",
                "--threads=1",
                "--instance-id=" + name,
                "--set=kafka.main.consumer.session.timeout.ms=" + SESSION_MILLIS,
                "--state-dir=" + folder.resolve(state)));
    command.addAll(List.of(more));
    afina.start(name, command);
  }

  /** Each of both has partitions, and nothing to catch up with. */
  private void awaitShared() {
    until(
        "both work",
        () ->
            load.published() - predictions.images() < UNDER_WAY
                && afina.holders(config.classifier().applicationId()) == CLASSIFIERS.size());
  }

  private String awaitAllPartitions(long killed) {
    long later = killed + AFTERWARDS.toNanos();
    until("all partitions go on", () -> predictions.allWentOnAfter(later));
    return since(killed);
  }

  private String said(String name) {
    return afina.readiness(afina.of(name));
  }
}
