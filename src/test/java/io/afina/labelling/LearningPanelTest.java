package io.afina.labelling;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.AliasRecord;
import io.afina.event.Correction;
import io.afina.event.Json;
import io.afina.event.ModelKey;
import io.afina.labelling.LearningPanel.Lacking;
import io.afina.labelling.LearningPanel.Snapshot;
import io.afina.labelling.feed.LearningTimes;
import io.afina.labelling.feed.ModelFeed;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.Assignments;
import io.afina.labelling.queue.ReviewQueue;
import io.afina.model.BadCards;
import io.afina.model.Heads;
import io.afina.model.MockModels;
import io.afina.model.ModelLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LearningPanelTest {

  private static final InstantSource CLOCK = InstantSource.system();
  private static final String WHY = "only 'ant' has 3 examples or more";

  @Test
  void shouldShowNothingOfAHeadWhoseCardLacksAFieldOrHasAWrongOne() {
    BadCards.bad()
        .forEach(
            (what, file) -> {
              Snapshot shown = snapshot(MockModels.champion(BadCards.VERSION, file));
              assertThat(shown.champion()).as(what).isNull();
              assertThat(Json.write(shown)).as(what).isNotEmpty();
            });
  }

  @Test
  void shouldShowAHeadThatLacksWhatAHeadMayLack() {
    BadCards.lackingWhatMayLack()
        .forEach(
            (what, file) ->
                assertThat(snapshot(MockModels.champion(BadCards.VERSION, file)).champion())
                    .as(what)
                    .isNotNull());
  }

  @Test
  void shouldSayWhyNoHeadIsTrainedBesideTheOneThatAnswers() {
    // given
    Map<ModelKey, byte[]> records = new LinkedHashMap<>();
    records.put(new ModelKey.Head(1), Heads.file(Heads.identity(1, "ant", "bee")));
    records.put(ModelKey.CHAMPION, alias(1L, "good"));
    records.put(ModelKey.UNTRAINED, alias(null, WHY));

    // when
    Snapshot shown = snapshot(MockModels.of(records));

    // then
    assertThat(shown.champion()).isNotNull();
    assertThat(shown.untrained()).isEqualTo(WHY);
    assertThat(snapshot(MockModels.with(Heads.identity(1, "ant", "bee"))).untrained()).isNull();
  }

  @Test
  void shouldBeShortHoweverLongTheSentenceAndHoweverManyTheLabels() {
    // given
    Map<ModelKey, byte[]> records = new LinkedHashMap<>();
    String[] labels =
        IntStream.range(0, 1000)
            .mapToObj(i -> "label " + i + "x".repeat(150))
            .toArray(String[]::new);
    records.put(new ModelKey.Head(1), Heads.file(Heads.identity(1, labels)));
    records.put(ModelKey.CHAMPION, alias(1L, "good"));
    records.put(ModelKey.UNTRAINED, alias(null, "only " + "'ant', ".repeat(1000)));

    // when
    Snapshot shown = snapshot(MockModels.of(records));

    // then
    assertThat(shown.champion()).isNotNull();
    assertThat(Json.write(shown)).hasSizeLessThan(2000);
  }

  @Test
  void shouldIgnoreAnAliasThatLacksAField() {
    for (String alias : List.of("{\"version\": 1}", "{\"version\": 0, \"who\": \"ada\"}", "[]")) {
      Map<ModelKey, byte[]> records = new LinkedHashMap<>();
      records.put(new ModelKey.Head(1), Heads.file(Heads.identity(1, "ant", "bee")));
      records.put(ModelKey.CHAMPION, alias.getBytes(StandardCharsets.UTF_8));

      assertThat(snapshot(MockModels.of(records)).champion()).as(alias).isNull();
    }
  }

  private static byte[] alias(@Nullable Long version, String why) {
    return Json.write(new AliasRecord(version, "trainer", Instant.EPOCH, why));
  }

  @Test
  void shouldSayWhatTheFirstHeadLacks() {
    // given
    AnswerIndex answers = new AnswerIndex(10, CLOCK, ZoneOffset.UTC);
    assertThat(snapshot(MockModels.of(Map.of()), answers).lacking())
        .containsExactly(new Lacking(null, 2), new Lacking(null, 2));

    // when
    answers.corrected("a", new Correction("bee", "mia", null, null), 1);
    answers.corrected("b", new Correction("Bee", "mia", null, null), 1);
    answers.corrected("c", new Correction("ant", "mia", null, null), 1);

    // then
    assertThat(snapshot(MockModels.of(Map.of()), answers).lacking())
        .containsExactly(new Lacking("ant", 1));
    answers.corrected("d", new Correction("ant", "mia", null, null), 1);
    assertThat(snapshot(MockModels.of(Map.of()), answers).lacking()).isEmpty();
    byte[] head = Heads.file(Heads.identity(1, "ant", "bee"));
    assertThat(snapshot(MockModels.champion(1, head)).lacking()).isEmpty();
  }

  private static Snapshot snapshot(ModelLog models) {
    return snapshot(models, new AnswerIndex(10, CLOCK, ZoneOffset.UTC));
  }

  private static Snapshot snapshot(ModelLog models, AnswerIndex answers) {
    LearningTimes times = new LearningTimes();
    try (ModelFeed feed = new ModelFeed(models, times, head -> {}, () -> {})) {
      assertThat(feed.ended()).isNotDone();
      return new LearningPanel(
              new ReviewQueue(
                  10,
                  Assignments.of(1),
                  10,
                  Duration.ofMinutes(1),
                  UnaryOperator.identity(),
                  CLOCK),
              answers,
              times,
              feed,
              2,
              0)
          .snapshot();
    }
  }
}
