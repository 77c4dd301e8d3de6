package io.afina.event;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.event.ReviewItem.ReviewReason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TopicsTest {

  @Test
  void shouldKeepATrainingExampleInHalfPrecision() {
    // given
    float[] values = new float[1280];
    values[0] = 1.5f;
    values[1279] = 0.1f;
    TrainingExample example =
        new TrainingExample(
            "bee",
            "mia",
            Instant.parse("2026-01-01T00:00:00Z"),
            new Embedding("ab".repeat(32), values),
            ReviewReason.NO_MODEL,
            List.of(
                new TrainingExample.Vote("mia", "bee"), new TrainingExample.Vote(null, "wasp")));

    // when
    byte[] bytes = TOPICS.training().values().serializer().serialize("", example);
    TrainingExample read = TOPICS.training().values().deserializer().deserialize("", bytes);

    // then
    assertThat(bytes).hasSizeLessThan(3_000);
    assertThat(read.label()).isEqualTo("bee");
    assertThat(read.labeller()).isEqualTo("mia");
    assertThat(read.asked()).isEqualTo(ReviewReason.NO_MODEL);
    assertThat(read.at()).isEqualTo(example.at());
    assertThat(read.embedding().backbone()).isEqualTo("ab".repeat(32));
    assertThat(read.embedding().values()[0]).isEqualTo(1.5f);
    assertThat(read.embedding().values()[1279])
        .isCloseTo(0.1f, org.assertj.core.data.Offset.offset(1e-4f));
  }

  @Test
  void shouldReadExamplesOfVersionsThatKnowNoReasonOrOneMore() {
    for (Map<String, String> reason : List.of(Map.<String, String>of(), Map.of("asked", "mood"))) {
      // given
      Map<String, String> metadata = new LinkedHashMap<>(reason);
      metadata.put("label", "bee");
      metadata.put("at", "2026-01-01T00:00:00Z");
      metadata.put("backbone", "ab".repeat(32));
      byte[] bytes =
          new SafeTensors(
                  metadata, Map.of("embedding", SafeTensors.Tensor.ofHalves(new float[] {1}, 1)))
              .toBytes();

      // when
      TrainingExample read = TOPICS.training().values().deserializer().deserialize("", bytes);

      // then
      assertThat(read.label()).isEqualTo("bee");
      assertThat(read.asked()).isNull();
    }
  }

  @Test
  void shouldReadWhyALabellerWasAsked() {
    assertThat(correction("{\"label\":\"bee\",\"asked\":\"audit\"}").asked())
        .isEqualTo(ReviewReason.AUDIT);
    assertThat(correction("{\"label\":\"bee\"}").asked()).isNull();
    assertThat(ReviewReason.parse("no-model")).hasValue(ReviewReason.NO_MODEL);
    for (ReviewReason reason : ReviewReason.values()) {
      assertThat(new String(Json.write(reason), StandardCharsets.UTF_8))
          .isEqualTo("\"" + reason.text() + "\"");
    }
  }

  @Test
  void shouldTolerateFieldsOfANewerProducerButNoWrongTypes() {
    assertThat(correction("{\"label\":\" bee \",\"mood\":\"sure\"}").label()).isEqualTo("bee");
    assertThatThrownBy(() -> correction("{\"label\":7}"))
        .isInstanceOf(MalformedRecordException.class);
    assertThatThrownBy(() -> correction("{\"label\":\"bee\"} more"))
        .isInstanceOf(MalformedRecordException.class);
    assertThatThrownBy(() -> correction("{\"label\":\"" + "x".repeat(201) + "\"}"))
        .isInstanceOf(MalformedRecordException.class)
        .hasMessageContaining("200");
  }

  @Test
  void shouldTellHeadsFromAliases() {
    assertThat(ModelKey.parse("head/12")).isEqualTo(Optional.of(new ModelKey.Head(12)));
    assertThat(ModelKey.parse("alias/champion")).isEqualTo(Optional.of(ModelKey.CHAMPION));
    for (String wrong :
        new String[] {"head/0", "head/-1", "head/1x", "alias/", "alias/A", "model/1", ""}) {
      assertThat(ModelKey.parse(wrong)).as(wrong).isEmpty();
    }
  }

  private static Correction correction(String json) {
    return TOPICS
        .corrections()
        .values()
        .deserializer()
        .deserialize("", json.getBytes(StandardCharsets.UTF_8));
  }
}
