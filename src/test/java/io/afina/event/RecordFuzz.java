package io.afina.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.afina.event.ReviewItem.ReviewReason;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever JSON is on a topic: it is a record, which reads the same after it was written, or it is
 * refused.
 */
class RecordFuzz {

  private static final List<Class<? extends Record>> RECORDS =
      List.of(Correction.class, AliasRecord.class, Prediction.class, ReviewItem.class);

  static Stream<byte[]> seeds() {
    Instant at = Instant.parse("2026-01-02T03:04:05.678Z");
    Prediction prediction =
        new Prediction(
            "bee",
            0.75,
            List.of(new Prediction.Score("bee", 0.75), new Prediction.Score("ant", 0.25)),
            0.5,
            0.56,
            17L,
            "ab".repeat(32),
            new Prediction.Position(3, 141, 1_700_000_000_000L),
            new Prediction.Timings(1.25, 1.5, 9.75),
            new Prediction.Shadow(18, "ant", 0.5),
            0.4);
    return Stream.of(
            new Correction("bee", "mia", at, "the wings", ReviewReason.AUDIT),
            new Correction("ant", "ada", null, null),
            new AliasRecord(17L, "trainer", at, "better").moved(18L, "ada", at, "worse"),
            prediction,
            new ReviewItem(prediction, ReviewReason.NOVEL, 1, "PAA8AA=="))
        .map(Json::write);
  }

  @MethodSource("seeds")
  @FuzzTest
  void shouldBeReadOrRefused(byte[] json) {
    RECORDS.forEach(type -> read(json, type));
  }

  private static <T> void read(byte[] json, Class<T> type) {
    T record;
    try {
      record = Json.read(json, type);
    } catch (MalformedRecordException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    assertThat(Json.read(Json.write(record), type)).isEqualTo(record);
  }
}
