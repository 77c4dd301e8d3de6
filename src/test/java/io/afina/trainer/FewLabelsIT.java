package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.LogLines;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.AliasRecord;
import io.afina.event.Embedding;
import io.afina.event.Json;
import io.afina.event.ModelKey;
import io.afina.event.TrainingExample;
import io.afina.metrics.Traces;
import io.afina.model.BadCards;
import io.afina.model.Heads;
import io.afina.model.LeftOut;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Too few labels for a head, too many, and a champion that no trainer can read. */
class FewLabelsIT {

  private static final String NONE = "no label has an example, and a head needs two such labels";
  private static final String ONLY_ANT =
      "only 'ant' has an example, and a head needs two such labels";

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private TrainerTopics topics;

  @BeforeEach
  void start() {
    topics = new TrainerTopics();
  }

  @AfterEach
  void stop() {
    topics.close();
  }

  @Test
  void shouldLetTheChampionAnswerOnWhenAllLabelsAreWithdrawnAndSayWhyThereIsNoNewHead() {
    // given
    List<String> ids = topics.send(60, "ant", "bee");
    try (LogLines lines = new LogLines(TrainingReport.class);
        TrainerRunner runner = runner(topics.loader().load())) {
      topics.awaitThat("a champion", () -> topics.at(ModelKey.CHAMPION).isPresent());

      // when
      topics.withdraw(ids);

      // then
      topics.awaitThat("the reason", () -> untrained().equals(Optional.of(NONE)));
      long champion = topics.at(ModelKey.CHAMPION).orElseThrow();
      assertThat(topics.champion().card().labels()).containsExactly("ant", "bee");
      assertThat(meters.find("afina.training.examples").gauges()).isEmpty();
      assertThat(lines.all()).contains("no head can be trained why=" + NONE);

      // when
      topics.send(60, "cat", "dog");

      // then
      topics.awaitThat(
          "a head of what is there now",
          () ->
              topics.at(ModelKey.CHAMPION).orElseThrow() > champion
                  && topics.champion().card().labels().equals(List.of("cat", "dog")));
      assertThat(untrained()).isEmpty();
      assertThat(runner.ended()).isNotDone();
    }
  }

  @Test
  void shouldTrainNoHeadOfOneLabel() {
    // given
    topics.send(30, "ant");
    try (TrainerRunner runner = runner(topics.loader().load())) {
      topics.awaitThat("the reason", () -> untrained().equals(Optional.of(ONLY_ANT)));
      assertThat(topics.log().versions()).isEmpty();

      // when
      List<String> bees = topics.send(30, "bee");

      // then
      topics.awaitThat("a champion", () -> topics.at(ModelKey.CHAMPION).isPresent());
      topics.awaitThat("all is well", () -> untrained().isEmpty());

      // when
      topics.withdraw(bees);

      // then
      topics.awaitThat("the reason again", () -> untrained().equals(Optional.of(ONLY_ANT)));
      assertThat(topics.champion().card().labels()).containsExactly("ant", "bee");
      assertThat(runner.ended()).isNotDone();
    }
  }

  @Test
  void shouldLetALabelGoThatLosesItsLastExample() {
    // given
    topics.send(60, "ant", "bee");
    List<String> cats = topics.send(20, "cat");
    try (TrainerRunner runner = runner(topics.loader().load())) {
      topics.awaitThat(
          "a champion that knows cats",
          () ->
              topics.at(ModelKey.CHAMPION).isPresent()
                  && topics.champion().card().labels().contains("cat"));

      // when
      topics.withdraw(cats);

      // then
      topics.awaitThat(
          "a champion that does not",
          () -> topics.champion().card().labels().equals(List.of("ant", "bee")));
      assertThat(untrained()).isEmpty();
      assertThat(runner.ended()).isNotDone();
    }
  }

  @Test
  void shouldLeaveOutTheRarestOfTooManyLabelsAndSayItOnce() {
    // given
    topics.send(40, "ant", "bee");
    topics.send(5, "cat");
    topics.send(4, "dog");
    topics.send(3, "elk");
    try (LogLines lines = new LogLines(TrainingReport.class);
        TrainerRunner runner = runner(topics.loader().set("trainer.maxLabels", 3).load())) {
      topics.awaitThat("a champion", () -> topics.at(ModelKey.CHAMPION).isPresent());
      long before = topics.log().newest();
      topics.send(20, "ant", "bee");
      topics.awaitThat("another head", () -> topics.log().newest() > before);

      // then
      assertThat(topics.champion().card().labels()).containsExactly("ant", "bee", "cat");
      assertThat(topics.champion().card().training().leftOut())
          .isEqualTo(new LeftOut(2, 7, List.of("dog", "elk")));
      assertThat(lines.all())
          .filteredOn(line -> line.contains("more labels than a head may have"))
          .singleElement()
          .asString()
          .contains("labels=2", "examples=7", "most=[dog, elk]");
      assertThat(meters.get("afina.training.labels.left.out").gauge().value()).isEqualTo(2);
      assertThat(runner.ended()).isNotDone();
    }
  }

  @Test
  void shouldTrainNoHeadThatIsTooLargeAndSayWhichSettingMakesItSo() {
    // given: it would have 262 MB
    Map<String, @Nullable TrainingExample> wide = new LinkedHashMap<>();
    for (int n = 0; n < 30; n++) {
      float[] numbers = new float[1_000];
      numbers[n % 2] = 1;
      numbers[2 + n] = 0.1f;
      Embedding embedding = new Embedding(Heads.BACKBONE, numbers);
      String label = n % 2 == 0 ? "ant" : "bee";
      wide.put("wide-" + n, new TrainingExample(label, "mia", Instant.EPOCH, embedding));
    }
    topics.write(wide);

    // when
    ConfigLoader hidden =
        topics.loader().set("trainer.head", "hidden").set("trainer.hidden", 65_536);
    try (TrainerRunner runner = runner(hidden.load())) {
      topics.awaitThat("the reason", () -> untrained().isPresent());

      // then
      assertThat(untrained().orElseThrow())
          .startsWith("a head of 2 labels, 1000 numbers and trainer.hidden=65536 would have 251 MB")
          .contains("set trainer.hidden=");
      assertThat(topics.log().versions()).isEmpty();
      assertThat(runner.ended()).isNotDone();
    }
    try (TrainerRunner runner = runner(topics.loader().load())) {
      topics.awaitThat("a champion", () -> topics.at(ModelKey.CHAMPION).isPresent());
      topics.awaitThat("all is well", () -> untrained().isEmpty());
      assertThat(runner.ended()).isNotDone();
    }
  }

  @Test
  void shouldTrainOnWhenTheChampionsCardLacksAFieldOrTheAliasDoes() {
    for (String what : List.of("training missing", "created missing", "labels missing")) {
      // given
      long version = topics.log().newest() + 1;
      topics.writeModel(
          new ModelKey.Head(version), Optional.ofNullable(BadCards.bad().get(what)).orElseThrow());
      topics.writeModel(
          ModelKey.CHAMPION,
          Json.write(new AliasRecord(version, "ada", Instant.EPOCH, "for a test")));
      topics.writeModel(ModelKey.PREVIOUS, "{\"version\": 1}".getBytes(StandardCharsets.UTF_8));
      topics.send(60, "ant", "bee");

      // when
      try (TrainerRunner runner = runner(topics.loader().load())) {
        // then
        topics.awaitThat(
            "a champion that can be read, " + what,
            () -> runner.ended().isDone() || topics.at(ModelKey.CHAMPION).orElse(0L) > version);
        assertThat(runner.ended()).as(what).isNotDone();
      }
    }
  }

  private TrainerRunner runner(AfinaConfig config) {
    return new TrainerRunner(config, meters, Traces.off());
  }

  private Optional<String> untrained() {
    return topics.log().alias(ModelKey.UNTRAINED).map(AliasRecord::why);
  }
}
