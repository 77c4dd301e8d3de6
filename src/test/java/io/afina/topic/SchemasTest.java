package io.afina.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.AliasRecord;
import io.afina.event.Correction;
import io.afina.event.Json;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.Prediction.Shadow;
import io.afina.event.Prediction.Timings;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.Withdrawal;
import io.afina.label.LabelEdits;
import io.afina.label.LabelTable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemasTest {

  private static final String BACKBONE = "3fa9".repeat(16);
  private static final Position IMAGE = new Position(3, 141, 1_700_000_000_000L);
  private static final Timings TIMINGS = new Timings(12.5, 3.25, 9);
  private static final Prediction ANSWERED =
      new Prediction(
          "cat",
          0.75,
          List.of(new Score("cat", 0.75), new Score("dog", 0.25)),
          0.5,
          0.56,
          17L,
          BACKBONE,
          IMAGE,
          TIMINGS,
          new Shadow(18, "dog", 0.625),
          0.97);
  private static final Prediction UNANSWERED =
      new Prediction(null, null, List.of(), null, null, null, BACKBONE, IMAGE, TIMINGS, null, null);

  private final Schemas schemas = new Schemas();

  @Test
  void shouldTakeWhatAfinaWrites() {
    assertThat(schemas.errors("prediction.schema.json", Json.write(ANSWERED))).isEmpty();
    assertThat(schemas.errors("prediction.schema.json", Json.write(UNANSWERED))).isEmpty();
    assertThat(
            schemas.errors(
                "correction.schema.json", Json.write(new Correction("cat", "ada", null, null))))
        .isEmpty();
    assertThat(
            schemas.errors(
                "correction.schema.json",
                Json.write(new Correction("cat", "ada", Instant.now(), "the tail says so"))))
        .isEmpty();
    assertThat(
            schemas.errors(
                "withdrawal.schema.json", Json.write(new Withdrawal("ada", Instant.now(), null))))
        .isEmpty();
    assertThat(
            schemas.errors(
                "alias.schema.json",
                Json.write(new AliasRecord(17L, "trainer", Instant.now(), "better by 0.02"))))
        .isEmpty();
    assertThat(
            schemas.errors(
                "alias.schema.json",
                Json.write(
                    new AliasRecord(17L, "trainer", Instant.now(), "")
                        .moved(null, "ada", Instant.now(), "gone"))))
        .isEmpty();
  }

  @Test
  void shouldTakeALabelHoweverOftenItWasChanged() {
    LabelEdits edits = new LabelEdits("ada", Instant.now(), "for a test");
    LabelTable table =
        LabelTable.EMPTY.with(edits.declare(LabelTable.EMPTY, List.of("cat", "kitten")));
    LabelTable renamed = table.with(edits.rename(table, "kitten", "young cat"));
    LabelTable merged = renamed.with(edits.merge(renamed, List.of("kitten"), "cat"));

    assertThat(merged.records().values())
        .allSatisfy(
            label -> assertThat(schemas.errors("label.schema.json", Json.write(label))).isEmpty());
  }

  @Test
  void shouldTakeAReviewItemAroundAnyPrediction() {
    for (Prediction prediction : List.of(ANSWERED, UNANSWERED)) {
      assertThat(schemas.errors("review.schema.json", review(prediction, "no-model", "1")))
          .isEmpty();
    }
  }

  @Test
  void shouldRefuseAReviewItemWithAnotherReasonOrAWrongPrediction() {
    // given
    Prediction wrong =
        new Prediction(
            "cat", 0.75, List.of(), 0.5, 0.56, 17L, "no hash", IMAGE, TIMINGS, null, null);

    // then
    assertThat(schemas.errors("review.schema.json", review(ANSWERED, "curious", "0.5"))).hasSize(1);
    assertThat(schemas.errors("review.schema.json", review(ANSWERED, "novel", "1.5"))).hasSize(1);
    assertThat(schemas.errors("review.schema.json", review(wrong, "novel", "0.5"))).isNotEmpty();
  }

  @Test
  void shouldRefuseAPredictionThatIsHalfAnswered() {
    // given
    Prediction half =
        new Prediction(
            "cat", null, List.of(), null, null, 17L, BACKBONE, IMAGE, TIMINGS, null, null);
    Prediction labelOfNobody =
        new Prediction(
            "cat", null, List.of(), null, null, null, BACKBONE, IMAGE, TIMINGS, null, null);

    // then
    assertThat(schemas.errors("prediction.schema.json", Json.write(half))).isNotEmpty();
    assertThat(schemas.errors("prediction.schema.json", Json.write(labelOfNobody))).isNotEmpty();
  }

  @Test
  void shouldTakeACorrectionThatAnswersAQuestion() {
    for (ReviewReason reason : ReviewReason.values()) {
      assertThat(
              schemas.errors(
                  "correction.schema.json",
                  Json.write(new Correction("cat", "ada", null, null).inAnswerTo(reason))))
          .isEmpty();
    }
  }

  @Test
  void shouldRefuseAFieldThatAfinaDoesNotWrite() {
    // given
    String more =
        new String(Json.write(ANSWERED), StandardCharsets.UTF_8).replaceFirst("\\{", "{\"x\":1,");

    // then
    assertThat(schemas.errors("prediction.schema.json", bytes(more))).hasSize(1);
  }

  @Test
  void shouldTakeACorrectionWithFieldsOfANewerProducer() {
    assertThat(
            schemas.errors(
                "correction.schema.json", bytes("{\"label\": \"cat\", \"box\": [1, 2, 3, 4]}")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"label\": null}",
        "{\"label\": 7}",
        "{\"label\": \"  \"}",
        "{\"label\": \"cat\", \"at\": \"yesterday\"}",
        "{\"label\": \"cat\", \"asked\": \"boredom\"}",
        "{\"label\": \"cat\", \"labeller\": 7}"
      })
  void shouldRefuseAWrongCorrection(String json) {
    assertThat(schemas.errors("correction.schema.json", bytes(json))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void shouldRefuseAnAliasOfNoVersion(long version) {
    // given
    AliasRecord alias = new AliasRecord(version, "ada", Instant.EPOCH, "");

    // then
    assertThat(schemas.errors("alias.schema.json", Json.write(alias))).hasSize(1);
  }

  private static byte[] review(Prediction prediction, String reason, String uncertainty) {
    return bytes(
        "{\"prediction\": %s, \"reason\": \"%s\", \"uncertainty\": %s}"
            .formatted(
                new String(Json.write(prediction), StandardCharsets.UTF_8), reason, uncertainty));
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
