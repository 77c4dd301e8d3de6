package io.afina.system;

import static io.afina.walk.Step.say;
import static io.afina.walk.Step.since;
import static io.afina.walk.Step.text;
import static io.afina.walk.Step.until;

import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.Closer;
import io.afina.topic.ReadyTopics;
import io.afina.walk.Installation;
import io.afina.walk.Installation.Instance;
import io.afina.walk.Load;
import io.afina.walk.Predictions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes that are lost and come back with an empty disk, and a rolling restart, under twenty
 * pictures a second: each has one outcome. Prints how long nobody was ready, and what waited how
 * long.
 */
@Tag("nightly")
class NodeLossIT {

  private static final List<String> CLASSIFIERS = List.of("one", "two", "three");
  private static final Duration BETWEEN = Duration.ofMillis(50);
  private static final int UNDER_WAY = 20;

  /** True to compare with: what a restart costs when who is stopped gives its place up. */
  private static final String LEAVES = System.getProperty("afina.leave", "false");

  @TempDir Path folder;

  private final Closer closer = new Closer();
  private AfinaConfig config;
  private Installation afina;
  private Predictions predictions;
  private Load load;

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldPredictEachOnceWhenNodesAreLostAndRestarted() throws Exception {
    // given
    TestBroker broker = closer.own(TestBroker.startFresh());
    config =
        ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
    ReadyTopics.apply(config);
    predictions = closer.own(new Predictions(config));
    load = closer.own(new Load(config, BETWEEN));
    afina = closer.own(new Installation(folder, broker));
    for (String name : CLASSIFIERS) {
      start(name, "first-" + name);
    }
    load.start();
    afina.awaitReady(afina.all());

    // when
    for (String name : CLASSIFIERS) {
      awaitCaughtUp();
      predictions.measureGap();
      long killed = afina.of(name).kill();
      start(name, "second-" + name);
      awaitReady(name, "killed, and started with an empty disk", killed);
    }
    for (String name : CLASSIFIERS) {
      awaitCaughtUp();
      predictions.measureGap();
      long stopped = System.nanoTime();
      afina.of(name).terminate();
      start(name, "second-" + name);
      awaitReady(name, "restarted", stopped);
    }

    // then
    predictions.shouldBeOneForEach(load);
  }

  private void awaitReady(String name, String what, long since) {
    Instance instance = afina.of(name);
    until("it is ready", () -> afina.isReady(instance));
    String ready = since(since);
    awaitCaughtUp();
    say(
        "%s was %s: ready after %s; the longest time without a prediction %s, the slowest picture %s",
        name, what, ready, text(predictions.gap()), text(predictions.slowest()));
  }

  private void awaitCaughtUp() {
    until(
        "all work",
        () ->
            load.published() - predictions.images() < UNDER_WAY
                && predictions.images() > 0
                && afina.holders(config.classifier().applicationId()) == CLASSIFIERS.size());
  }

  private void start(String name, String state) {
    List<String> command = new ArrayList<>();
    command.add("classify");
    command.add("--threads=1");
    command.add("--instance-id=" + name);
    command.add("--set=classifier.leaveOnStop=" + LEAVES);
    command.add("--state-dir=" + folder.resolve(state));
    afina.start(name, command);
  }
}
