package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.LogLines;
import io.afina.Ports;
import io.afina.broker.EmbeddedBroker;
import io.afina.config.AfinaConfig;
import io.afina.event.ModelKey;
import io.afina.lifecycle.Closer;
import io.afina.metrics.Traces;
import io.afina.model.Head;
import io.afina.model.ModelWriter;
import io.afina.trainer.data.ExampleSet;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainers whose trainings take longer than a member of a group may be silent. */
class LongTrainingIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int SILENCE_MILLIS = 4000;
  private static final String TAKES_OVER = "leads the trainers";

  private final MeterRegistry first = new SimpleMeterRegistry();
  private final MeterRegistry second = new SimpleMeterRegistry();
  private TrainerTopics topics;

  @TempDir private Path folder;

  @BeforeEach
  void start() {
    topics = new TrainerTopics();
  }

  @AfterEach
  void stop() {
    topics.close();
  }

  @Test
  void shouldKeepTheLeadThroughATrainingThatOutlastsThePollInterval() {
    AfinaConfig config = impatient();
    topics.send(60, "ant", "bee");
    SlowTrainer slow = new SlowTrainer(config);
    SlowTrainer other = new SlowTrainer(config);
    try (LogLines lines = new LogLines(TrainerRunner.class);
        TrainerRunner leader = new TrainerRunner(config, first, Traces.off(), slow)) {
      await("the first trains").atMost(PATIENCE).until(slow::hasBegun);
      try (TrainerRunner standby = new TrainerRunner(config, second, Traces.off(), other)) {
        standby.ready().join();

        // when the training goes on for several times as long as the group waits for a poll
        await("nobody else leads meanwhile")
            .during(Duration.ofMillis(5L * SILENCE_MILLIS / 2))
            .atMost(PATIENCE)
            .until(() -> leads(first) && !leads(second));
        slow.goOn();

        // then
        topics.awaitThat("its head", () -> topics.at(ModelKey.CHAMPION).isPresent());
        assertThat(topics.log().versions()).containsExactly(1L);
        assertThat(count(lines, TAKES_OVER)).isOne();
        assertThat(other.hasBegun()).isFalse();
        assertThat(leader.ended()).isNotDone();
        assertThat(standby.ended()).isNotDone();
      } finally {
        other.goOn();
        slow.goOn();
      }
    }
  }

  @Test
  void shouldMakeOneHeadAfterTheOtherWhereEveryTrainingOutlastsThePollInterval() {
    AfinaConfig config = impatient();
    topics.send(60, "ant", "bee");
    try (LogLines lines = new LogLines(TrainerRunner.class);
        TrainerRunner one =
            new TrainerRunner(config, first, Traces.off(), new LastingTrainer(config));
        TrainerRunner other =
            new TrainerRunner(config, second, Traces.off(), new LastingTrainer(config))) {
      // when
      for (int version = 1; version <= 3; version++) {
        int wanted = version;
        topics.awaitThat("head " + wanted, () -> topics.log().newest() >= wanted);
        topics.send(version < 3 ? 60 : 0, "ant", "bee");
      }

      // then
      assertThat(topics.log().versions()).startsWith(1L, 2L, 3L);
      assertThat(topics.at(ModelKey.CHAMPION).orElseThrow()).isGreaterThanOrEqualTo(3);
      assertThat(fenced(first) + fenced(second)).isZero();
      assertThat(count(lines, TAKES_OVER)).isOne();
      assertThat(one.ended()).isNotDone();
      assertThat(other.ended()).isNotDone();
    }
  }

  @Test
  void shouldOutliveABrokerThatIsAwayWhileItTrains() {
    // given a trainer that is training
    int port = Ports.free();
    EmbeddedBroker[] broker = {EmbeddedBroker.start(folder, port)};
    try (Closer closer = new Closer()) {
      closer.own(() -> broker[0].close());
      TrainerTopics there = closer.own(new TrainerTopics(broker[0].bootstrapServers()));
      there.send(60, "ant", "bee");
      AfinaConfig config =
          there
              .loader()
              .set("kafka.max.block.ms", 1000)
              .set("kafka.request.timeout.ms", 1000)
              .set("kafka.default.api.timeout.ms", 2000)
              .load();
      SlowTrainer slow = new SlowTrainer(config);
      LogLines lines = closer.own(new LogLines(TrainerRunner.class));
      TrainerRunner runner = closer.own(new TrainerRunner(config, first, Traces.off(), slow));
      await("it trains").atMost(PATIENCE).until(slow::hasBegun);

      // when the broker that coordinates is away for longer than a client waits
      broker[0].close();
      slow.goOn();
      await("a training in vain")
          .atMost(PATIENCE)
          .until(() -> runner.ended().isDone() || count(lines, "nothing published") > 0);
      await("it waits")
          .during(Duration.ofSeconds(8))
          .atMost(PATIENCE)
          .until(() -> !runner.ended().isDone());
      broker[0] = EmbeddedBroker.start(folder, port);

      // then
      there.awaitThat("a head", () -> there.at(ModelKey.CHAMPION).isPresent());
      assertThat(runner.ended()).isNotDone();
    }
  }

  @Test
  void shouldTryAgainWhenItsTransactionalIdIsNotGivenInTime() {
    AfinaConfig config = topics.loader().set("kafka.max.block.ms", 1).load();
    topics.send(60, "ant", "bee");
    try (LogLines lines = new LogLines(TrainerRunner.class);
        TrainerRunner runner = new TrainerRunner(config, first, Traces.off())) {
      runner.ready().join();

      await("several attempts, or a head")
          .atMost(PATIENCE)
          .until(
              () ->
                  runner.ended().isDone()
                      || count(lines, "nothing published") >= 2
                      || count(lines, "head published") > 0);

      assertThat(runner.ended()).isNotDone();
      assertThat(lines.all()).anyMatch(line -> line.contains("TimeoutException"));
    }
  }

  @Test
  void shouldShowWhatALeaderKnowsWhileItLeadsAndNothingAfterwards() {
    topics.send(60, "ant", "bee");
    AfinaConfig config = topics.loader().load();
    try (Closer closer = new Closer()) {
      TrainerRunner former = closer.own(new TrainerRunner(config, first, Traces.off()));
      topics.awaitThat("a head", () -> topics.at(ModelKey.CHAMPION).isPresent());
      await("what it knows").atMost(PATIENCE).until(() -> examples(first) > 0);
      try (TrainerRunner next = new TrainerRunner(idle(), second, Traces.off())) {
        next.ready().join();
        assertThat(examples(second)).isZero();

        // when somebody else writes, and the leader learns that from its next training
        new ModelWriter(config, topics.log()).close();
        topics.send(60, "ant", "bee");

        await("a training in vain")
            .atMost(PATIENCE)
            .until(() -> first.get("afina.training.fenced").counter().count() == 1);
        assertThat(former.ended()).isNotDone();

        // and stops to lead, unless it has lost the lead by that
        former.close();

        // then
        await("the other leads").atMost(PATIENCE).until(() -> leads(second) && !leads(first));
        assertThat(examples(first)).isZero();
        assertThat(value(first, "afina.holdout.accuracy")).isNaN();
        await("what the other knows").atMost(PATIENCE).until(() -> examples(second) == 120);
        assertThat(value(second, "afina.holdout.accuracy")).isGreaterThan(0.9);
        assertThat(value(second, "afina.training.last")).isPositive();
        await("what is unlearned")
            .atMost(PATIENCE)
            .until(() -> value(second, "afina.training.unlearned") >= 0);
      }
    }
  }

  /** Of a group that counts out who is silent for 4 s. */
  private AfinaConfig impatient() {
    return topics
        .loader()
        .set("kafka.max.poll.interval.ms", SILENCE_MILLIS)
        // A member learns by its heartbeat that somebody joins, and must answer in that time.
        .set("kafka.heartbeat.interval.ms", 300)
        .load();
  }

  /** Of a trainer that never has enough examples to train. */
  private AfinaConfig idle() {
    return topics
        .loader()
        .set("trainer.minNewExamples", 1_000_000)
        .set("trainer.interval", "1h")
        .load();
  }

  private static double examples(MeterRegistry registry) {
    return registry.find("afina.training.examples").gauges().stream()
        .mapToDouble(Gauge::value)
        .sum();
  }

  private static double value(MeterRegistry registry, String meter) {
    return registry.get(meter).gauge().value();
  }

  private static double fenced(MeterRegistry registry) {
    return registry.get("afina.training.fenced").counter().count();
  }

  private static boolean leads(MeterRegistry registry) {
    return value(registry, "afina.trainer.leads") == 1;
  }

  private static long count(LogLines lines, String what) {
    return List.copyOf(lines.all()).stream().filter(line -> line.contains(what)).count();
  }

  /** Every training takes longer than a member of the group may be silent. */
  private static final class LastingTrainer extends CandidateTrainer {

    private LastingTrainer(AfinaConfig config) {
      super(config.trainer());
    }

    @Override
    Candidate train(ExampleSet all, Optional<Head> champion) {
      try {
        new CountDownLatch(1).await(3L * SILENCE_MILLIS / 2, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return super.train(all, champion);
    }
  }

  /** Trains when it is told to. */
  private static final class SlowTrainer extends CandidateTrainer {

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private SlowTrainer(AfinaConfig config) {
      super(config.trainer());
    }

    private boolean hasBegun() {
      return begun.getCount() == 0;
    }

    private void goOn() {
      released.countDown();
    }

    @Override
    Candidate train(ExampleSet all, Optional<Head> champion) {
      begun.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return super.train(all, champion);
    }
  }
}
