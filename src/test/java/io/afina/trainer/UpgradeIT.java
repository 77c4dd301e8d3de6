package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.AfinaConfig;
import io.afina.event.BackboneRecord;
import io.afina.event.BackboneRecord.State;
import io.afina.event.Embedding;
import io.afina.event.Json;
import io.afina.event.ModelKey;
import io.afina.event.TrainingExample;
import io.afina.metrics.Traces;
import io.afina.model.HeadCard;
import io.afina.model.Heads;
import io.afina.model.ModelLog;
import io.afina.model.ModelWriter;
import io.afina.model.Verdict.Decision;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The trainer while one backbone replaces another: the new one tells better what the old one blurs.
 */
class UpgradeIT {

  private static final String OLD = Heads.BACKBONE;
  private static final String NEW = "cd".repeat(32);
  private static final List<String> LABELS = List.of("ant", "bee");

  private final Random random = new Random(3);
  private final Instant joined = Instant.now();
  private TrainerTopics topics;
  private int count;

  @BeforeEach
  void start() {
    topics = new TrainerTopics();
  }

  @AfterEach
  void stop() {
    topics.close();
  }

  @Test
  void shouldPromoteAHeadOfTheWantedBackboneOnceAllIsEmbeddedAndTrainTheOldOneAfterARollback() {
    // given
    AfinaConfig config = topics.loader().set("trainer.head", "dense").load();
    send(200, OLD);
    try (TrainerRunner runner =
        new TrainerRunner(config, new SimpleMeterRegistry(), Traces.off())) {
      topics.awaitThat("a champion", () -> learned(OLD, 200));
      long old = topics.champion().version();

      // when half of the pictures is embedded, and then the others
      topics.writeModel(new ModelKey.Backbone(NEW), Json.write(record(NEW, State.WANTED)));
      embed(0, 100);
      send(1, OLD);
      topics.awaitThat("both backbones learn what comes", () -> learned(OLD, 201));
      embed(100, 201);

      // then
      topics.awaitThat("a champion of the new backbone", () -> learned(NEW, 201));
      HeadCard card = topics.champion().card();
      assertThat(card.verdict().decision()).isEqualTo(Decision.PROMOTED);
      assertThat(card.verdict().why())
          .contains("examples, the champion")
          .doesNotContain("no embed");
      assertThat(card.parent()).isNull();
      assertThat(card.version()).as("nothing is trained on what is no news").isEqualTo(old + 2);
      topics.awaitThat("it answers", () -> state(NEW) == State.ANSWERING);

      // when
      move(config, writer -> writer.rollback("ada", "it misses wasps", false));
      send(20, OLD, NEW);

      // then
      topics.awaitThat("a champion of the old backbone", () -> learned(OLD, 221));
      assertThat(state(NEW)).as("nobody wants it again").isEqualTo(State.ANSWERING);
      assertThat(runner.ended()).isNotDone();
    }
  }

  @Test
  void shouldLeaveAHeadThatWouldBeOnTrialForAPersonAndThenTrainItsBackbone() {
    // given
    AfinaConfig config =
        topics.loader().set("trainer.head", "dense").set("trainer.promote", "shadow").load();
    send(200, OLD, NEW);
    topics.writeModel(new ModelKey.Backbone(NEW), Json.write(record(NEW, State.WANTED)));
    try (TrainerRunner runner =
        new TrainerRunner(config, new SimpleMeterRegistry(), Traces.off())) {
      topics.awaitThat("heads of both", () -> topics.log().newest() == 2);
      assertThat(topics.champion().card().backbone()).isEqualTo(OLD);

      // when
      move(config, writer -> writer.promote(2, "ada", "better"));
      topics.awaitThat("it answers", () -> topics.at(ModelKey.CHAMPION).equals(Optional.of(2L)));
      send(20, NEW);

      // then
      assertThat(topics.champion().card().verdict().why())
          .contains("no trial beside another backbone", "the champion");
      topics.awaitThat("a challenger", () -> topics.at(ModelKey.CHALLENGER).isPresent());
      assertThat(topics.champion().card().backbone()).isEqualTo(NEW);
      assertThat(runner.ended()).isNotDone();
    }
  }

  private boolean learned(String backbone, int examples) {
    return topics.at(ModelKey.CHAMPION).isPresent()
        && topics.champion().card().backbone().equals(backbone)
        && topics.champion().card().training().examples() == examples;
  }

  private State state(String backbone) {
    return topics
        .log()
        .backbones()
        .getOrDefault(backbone, record(backbone, State.FINISHED))
        .state();
  }

  private static BackboneRecord record(String id, State state) {
    return new BackboneRecord(
        "net", "/models/" + id, 3, "MIT", state, "ada", Instant.now(), "it is better");
  }

  private static void move(AfinaConfig config, Consumer<ModelWriter> change) {
    try (ModelLog log = ModelLog.open(config);
        ModelWriter writer = new ModelWriter(config, log)) {
      change.accept(writer);
    }
  }

  /** Labels images that these backbones have embedded. */
  private void send(int images, String... backbones) {
    write(count, count + images, null, backbones);
    count += images;
  }

  /** Adds the embeddings of the new backbone to examples that are there. */
  private void embed(int from, int to) {
    write(from, to, joined, OLD, NEW);
  }

  private void write(int from, int to, @Nullable Instant written, String... backbones) {
    Map<String, @Nullable TrainingExample> records = new LinkedHashMap<>();
    for (int n = from; n < to; n++) {
      int label = n % LABELS.size();
      List<Embedding> embeddings =
          List.of(backbones).stream().map(id -> embedding(id, label)).toList();
      records.put(
          "image-" + n,
          new TrainingExample(
              LABELS.get(label), "mia", Instant.EPOCH, embeddings, null, List.of(), written, null));
    }
    topics.write(records);
  }

  private Embedding embedding(String backbone, int label) {
    boolean sharp = backbone.equals(NEW);
    float[] values = new float[sharp ? 3 : 5];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * (sharp ? 0.1 : 0.7));
    }
    values[label] += 1;
    return new Embedding(backbone, values);
  }
}
