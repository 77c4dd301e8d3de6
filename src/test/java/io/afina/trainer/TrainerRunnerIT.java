package io.afina.trainer;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.AliasRecord;
import io.afina.event.Embedding;
import io.afina.event.ModelKey;
import io.afina.event.Prediction;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.TrainingExample;
import io.afina.kafka.KafkaSettings;
import io.afina.metrics.Traces;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.HeadFile;
import io.afina.model.HeadRefusedException;
import io.afina.model.Heads;
import io.afina.model.ModelLog;
import io.afina.model.ModelWriter;
import io.afina.model.Verdict;
import io.afina.model.Verdict.Decision;
import io.afina.model.layer.Dense;
import io.afina.topic.PlanRequest;
import io.afina.topic.TopicAdmin;
import io.afina.trainer.data.Clusters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The trainer as a whole, over a broker of its own. */
class TrainerRunnerIT {

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final Clusters clusters = new Clusters(0.3);
  private TestBroker broker;
  private ModelLog log;
  private int count;

  @BeforeEach
  void start() {
    broker = TestBroker.startFresh();
    AfinaConfig config = loader().load();
    try (TopicAdmin admin = TopicAdmin.connect(config)) {
      admin.apply(admin.plan(PlanRequest.none(config.classifier().applicationId())));
    }
    log = ModelLog.open(config);
  }

  @AfterEach
  void stop() {
    log.close();
    broker.close();
  }

  @Test
  void shouldPromoteWhatIsGoodAndOnlyPublishWhatIsPinnedAway() throws Exception {
    AfinaConfig config = loader().load();
    send(60, "ant", "bee");
    try (TrainerRunner runner =
        new TrainerRunner(config, new SimpleMeterRegistry(), Traces.off())) {
      await("a champion", () -> at(ModelKey.CHAMPION).isPresent());
      assertThat(newest().card().verdict().decision()).isEqualTo(Decision.PROMOTED);
      assertThat(newest().card().measures()).isNotNull();

      // when
      pin(config);
      long pinned = at(ModelKey.CHAMPION).orElseThrow();
      send(60, "ant", "bee");

      // then
      await("a head that is held", () -> log.newest() > pinned);
      assertThat(newest().card().verdict().decision()).isEqualTo(Decision.HELD);
      assertThat(at(ModelKey.CHAMPION)).hasValue(pinned);
      assertThat(runner.ended()).isNotDone();
    }
  }

  @Test
  void shouldPublishAHeadThatIsWorseAsRejected() {
    send(400, "ant", "bee");
    try (TrainerRunner runner =
        new TrainerRunner(loader().load(), new SimpleMeterRegistry(), Traces.off())) {
      await("a champion", () -> at(ModelKey.CHAMPION).isPresent());
      await("all learned", () -> newest().card().training().examples() > 300);

      // when
      sendMislabelled(300, "ant", "bee");

      // then
      await("a rejected head", () -> newest().card().verdict().decision() == Decision.REJECTED);
      assertThat(newest().card().verdict().why())
          .containsPattern("the champion has .* on the same|recall of (ant|bee) falls from");
      assertThat(at(ModelKey.CHAMPION).orElseThrow()).isLessThan(log.newest());
      assertThat(runner.ended()).isNotDone();
    }
  }

  @Test
  void shouldAnswerWithANewLabelAfterOneCorrection() {
    send(200, "ant", "bee", "cat", "dog");
    try (TrainerRunner runner =
        new TrainerRunner(loader().load(), new SimpleMeterRegistry(), Traces.off())) {
      await("a champion of all", () -> championLearned(200));

      // when
      send(1, "elk");

      // then
      await("a champion that knows elks", () -> championLearned(201));
      assertThat(champion().score(clusters.around("elk")).top(2))
          .extracting(Prediction.Score::label)
          .contains("elk");
      assertThat(champion().card().training().young()).isEqualTo(Map.of("elk", 1));
      assertThat(runner.ended()).isNotDone();
    }
  }

  @Test
  void shouldTakeAChampionBackThatTurnsOutWorse() {
    AfinaConfig config =
        idle().set("trainer.watchdog", true).set("trainer.watchdogWindow", 20).load();
    try (ModelWriter writer = new ModelWriter(config, log)) {
      writer.promote(knowing(1, "ant", "bee"), "trainer", "good");
      writer.promote(knowing(2, "bee", "ant"), "trainer", "looked good");
    }
    try (TrainerRunner runner =
        new TrainerRunner(config, new SimpleMeterRegistry(), Traces.off())) {
      runner.ready().join();
      send(40, "ant", "bee");

      await("the one before", () -> at(ModelKey.CHAMPION).equals(Optional.of(1L)));
      assertThat(at(ModelKey.PINNED)).hasValue(1L);
      assertThat(log.alias(ModelKey.CHAMPION).orElseThrow().why())
          .contains("watchdog: head 2 is right in 0.0 %", "100.0 %");
    }
  }

  @Test
  void shouldLetCorrectionsDecideOverAChallenger() {
    AfinaConfig config =
        idle().set("trainer.promote", "shadow").set("trainer.shadowCorrections", 20).load();
    try (ModelWriter writer = new ModelWriter(config, log)) {
      writer.promote(knowing(1, "bee", "ant"), "trainer", "the first");
      writer.challenge(knowing(2, "ant", "bee"), "trainer", "on trial");
    }
    try (TrainerRunner runner =
        new TrainerRunner(config, new SimpleMeterRegistry(), Traces.off())) {
      runner.ready().join();
      send(40, "ant", "bee");

      await("the challenger", () -> at(ModelKey.CHAMPION).equals(Optional.of(2L)));
      assertThat(at(ModelKey.CHALLENGER)).isEmpty();
    }
  }

  @Test
  void shouldLetPicturesDrawnByChanceDecideWhereOthersSpeakForTheChallenger() {
    AfinaConfig config =
        idle().set("trainer.promote", "shadow").set("trainer.shadowCorrections", 100).load();
    try (ModelWriter writer = new ModelWriter(config, log)) {
      writer.promote(knowing(1, "ant", "bee"), "trainer", "the first");
      writer.challenge(knowing(2, "bee", "ant"), "trainer", "on trial");
    }
    try (TrainerRunner runner =
        new TrainerRunner(config, new SimpleMeterRegistry(), Traces.off())) {
      runner.ready().join();
      send(40, ReviewReason.AUDIT, new String[] {"ant", "bee"}, new String[] {"ant", "bee"});
      send(60, ReviewReason.UNCERTAIN, new String[] {"bee", "ant"}, new String[] {"ant", "bee"});

      await("the end of the trial", () -> at(ModelKey.CHALLENGER).isEmpty());
      assertThat(at(ModelKey.CHAMPION)).hasValue(1L);
      assertThat(log.alias(ModelKey.CHALLENGER).orElseThrow().why())
          .contains("right in 0.0 % of", "corrections of pictures drawn by chance", "100.0 %");
    }
  }

  private ConfigLoader loader() {
    return ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers());
  }

  /** A trainer that never has enough examples to train. */
  private ConfigLoader idle() {
    return loader().set("trainer.minNewExamples", 1_000_000).set("trainer.interval", "1h");
  }

  private void pin(AfinaConfig config) {
    try (ModelLog mine = ModelLog.open(config);
        ModelWriter writer = new ModelWriter(config, mine)) {
      writer.pin("ada", "the fair is on");
    }
  }

  private void send(int examples, String... labels) {
    sendAs(examples, labels, labels);
  }

  private void sendMislabelled(int examples, String label, String cloud) {
    sendAs(examples, new String[] {label}, new String[] {cloud});
  }

  private void sendAs(int examples, String[] labels, String[] clouds) {
    send(examples, null, labels, clouds);
  }

  private void send(int examples, @Nullable ReviewReason asked, String[] labels, String[] clouds) {
    try (KafkaProducer<String, TrainingExample> producer =
        new KafkaProducer<>(
            new KafkaSettings(loader().load()).toMap(),
            TOPICS.training().keys().serializer(),
            TOPICS.training().values().serializer())) {
      for (int i = 0; i < examples; i++) {
        float[] values = clusters.around(clouds[i % clouds.length]);
        TrainingExample example =
            new TrainingExample(
                labels[i % labels.length],
                "mia",
                Instant.EPOCH,
                new Embedding(Heads.BACKBONE, values),
                asked,
                List.of());
        var unused =
            producer.send(
                new ProducerRecord<>(TOPICS.training().name(), "image-" + count++, example));
      }
    }
  }

  /** A head that knows where the clouds of ants and bees are, by these names. */
  private static Head knowing(long version, String ant, String bee) {
    float[] rows = new float[2 * Clusters.WIDTH];
    rows[0] = 1;
    rows[Clusters.WIDTH + 1] = 1;
    HeadCard card =
        new HeadCard(
            version,
            null,
            Heads.BACKBONE,
            Clusters.WIDTH,
            List.of(ant, bee),
            1,
            new HeadCard.Training(2, Map.of(), 1, 0.2, 17, "cpu", 0.1, null),
            null,
            new Verdict(Decision.PROMOTED, "for a test"),
            Instant.EPOCH);
    return new Head(card, List.of(Dense.ofRows(Clusters.WIDTH, 2, rows, new float[2])));
  }

  private Optional<Long> at(ModelKey.Alias alias) {
    return log.alias(alias).map(AliasRecord::version);
  }

  private boolean championLearned(int examples) {
    return at(ModelKey.CHAMPION).isPresent() && champion().card().training().examples() == examples;
  }

  private Head champion() {
    return head(at(ModelKey.CHAMPION).orElseThrow());
  }

  private Head newest() {
    return head(log.newest());
  }

  private Head head(long version) {
    try {
      return HeadFile.read(log.head(version).orElseThrow());
    } catch (HeadRefusedException e) {
      return fail(e.why());
    }
  }

  private void await(String what, BooleanSupplier there) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!there.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      log.poll(Duration.ofMillis(50));
    }
  }
}
