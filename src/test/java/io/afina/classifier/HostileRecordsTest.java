package io.afina.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.Correction;
import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.Prediction;
import io.afina.event.RecordLimits;
import io.afina.event.TrainingExample;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One bad record is one dead letter, and nothing ends. */
class HostileRecordsTest extends TopologyTestBase {

  private static final String A_DAY_AND_AN_HOUR_ON = START.plus(25, ChronoUnit.HOURS).toString();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"label\":\"bee\",\"note\":\"NOTE\"} | a note of 4,001 characters",
        "{\"label\":\"bee\",\"labeller\":\"LABELLER\"} | a labeller of 201 characters",
        "{\"label\":\"LABELLER\"} | a label of 201 characters",
        "{\"label\":\"bee\",\"more\":\"WHOLE\"} | the limit is 65,536",
        "{\"label\":\"\\ud800\"} | half of a surrogate pair",
        "{\"label\":\"a\\u0007b\"} | the control character U+0007",
        "{\"label\":\"bee\",\"labeller\":\"\\udc00\"} | half of a surrogate pair",
        "{\"label\":\"bee\",\"at\":1700000000000} | seconds since 1970, not milliseconds",
        "{\"label\":\"bee\",\"at\":1e300} | not after 1970 began",
        "{\"label\":\"bee\",\"at\":1e999999999} | not after 1970 began",
        "{\"label\":\"bee\",\"at\":-1} | not after 1970 began",
        "{\"label\":\"bee\",\"at\":\"LATER\"} | more than a day from now",
      })
  void shouldSetAsideACorrectionBeyondTheLimits(String form, String why) {
    // given
    String json =
        form.replace("NOTE", "n".repeat(RecordLimits.NOTE + 1))
            .replace("LABELLER", "l".repeat(RecordLimits.LABELLER + 1))
            .replace("WHOLE", "w".repeat(RecordLimits.CORRECTION_BYTES))
            .replace("LATER", A_DAY_AND_AN_HOUR_ON);

    // when
    corrections.pipeInput(bytes("x"), bytes(json));
    image("x", "1 2 3");
    correct("x", "bee", "mia");

    // then
    TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
    DeadLetter dead = DeadLetter.from(letter.headers());
    assertThat(dead.reason()).isEqualTo(Reason.MALFORMED);
    assertThat(dead.error()).contains(why);
    assertThat(letter.value()).isEqualTo(bytes(json));
    assertThat(training.readValuesToList()).hasSize(1);
  }

  @Test
  void shouldTakeACorrectionAtTheLimits() {
    // given
    Correction longest =
        new Correction(
            "\"".repeat(RecordLimits.LABEL),
            "\u0002".repeat(RecordLimits.LABELLER),
            START.plus(Duration.ofHours(23)),
            "\u0003".repeat(RecordLimits.NOTE));

    // when
    correct("x", longest);
    image("x", "1 2 3");

    // then
    assertThat(training.readValue().label()).isEqualTo(longest.label());
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void shouldLetListedHeadersTravelAndNoOthers() {
    // given
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_id", bytes("7")).add("shop", bytes("north"));
    headers.add("ce_source", bytes("camera"));

    // when
    images.pipeInput(new TestRecord<>(bytes("x"), bytes("1 2 3"), headers, 99L));
    corrections.pipeInput(new TestRecord<>(bytes("x"), bytes("{\"label\":\"bee\"}"), headers));

    // then
    assertThat(predictions.readRecord().headers())
        .extracting(Header::key)
        .containsExactly("ce_id", "ce_source");
    assertThat(training.readRecord().headers())
        .extracting(Header::key)
        .containsExactly("ce_id", "ce_source");
  }

  @Test
  void shouldSetAsideWhatHasTooManyBytesOfHeadersThatTravel() {
    // given
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_data", new byte[CONFIG.classifier().headerBytes()]);

    // when
    images.pipeInput(new TestRecord<>(bytes("x"), bytes("1 2 3"), headers, 99L));
    corrections.pipeInput(new TestRecord<>(bytes("x"), (byte[]) null, headers));

    // then
    assertThat(deadLetters.readRecordsToList())
        .hasSize(2)
        .allSatisfy(
            letter -> {
              DeadLetter dead = DeadLetter.from(letter.headers());
              assertThat(dead.reason()).isEqualTo(Reason.TOO_MANY_HEADER_BYTES);
              assertThat(dead.error()).contains("classifier.headerBytes");
              assertThat(letter.headers().lastHeader("ce_data")).isNotNull();
            });
    assertThat(predictions.isEmpty()).isTrue();
    assertThat(training.isEmpty()).isTrue();
  }

  /** A producer that compresses gets past a broker's limit. */
  @Test
  void shouldSayWhereARecordIsThatDeadLettersCannotTake() {
    // given
    RecordHeaders headers = new RecordHeaders();
    headers.add("large", new byte[RecordLimits.DEAD_LETTER_BYTES]);

    // when
    images.pipeInput(new TestRecord<>(bytes("x"), bytes("no numbers"), headers, 99L));

    // then
    TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
    assertThat(letter.key()).isEqualTo(bytes("x"));
    assertThat(letter.value()).isNull();
    assertThat(DeadLetter.isOmitted(letter.headers())).isTrue();
    DeadLetter dead = DeadLetter.from(letter.headers());
    assertThat(dead.reason()).isEqualTo(Reason.NOT_A_PICTURE);
    assertThat(dead.error()).contains("offset 0 of partition 0 of images");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\0b", "\0", " ", "ä\uD83D\uDC1D", "kkkkkkkkkkkkkkkkkkkk"})
  void shouldTakeAnyIdThatIsUtf8(String id) {
    // when
    image(id, "1 2 3");
    image(id + "\0", "3 2 1");
    correct(id, "bee", "mia");

    // then
    assertThat(predictions.readKeyValuesToList()).extracting(p -> p.key).contains(id);
    TestRecord<String, TrainingExample> example = training.readRecord();
    assertThat(example.key()).isEqualTo(id);
    assertThat(example.value().embedding().values()).containsExactly(1, 2, 3);
  }

  @Test
  void shouldSetAsideIdsThatAreNoneOnImagesAndCorrections() {
    // given
    List<byte[]> keys =
        List.of(
            new byte[0],
            new byte[] {(byte) 0xc3, 0x28},
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            "k".repeat(1_000).getBytes(StandardCharsets.UTF_8));

    // when
    for (byte[] key : keys) {
      images.pipeInput(key, bytes("1 2 3"));
      corrections.pipeInput(key, bytes("{\"label\":\"bee\"}"));
    }

    // then
    assertThat(deadLetters.readRecordsToList())
        .hasSize(2 * keys.size())
        .extracting(letter -> DeadLetter.from(letter.headers()).reason())
        .containsExactly(
            Reason.NO_KEY,
            Reason.NO_KEY,
            Reason.BAD_KEY,
            Reason.BAD_KEY,
            Reason.BAD_KEY,
            Reason.BAD_KEY,
            Reason.KEY_TOO_LONG,
            Reason.KEY_TOO_LONG);
  }

  /** What is far ahead would be refused by the brokers under whatever follows from it. */
  @Test
  void shouldTakeTimestampsOfTenYearsAgoAndAheadAsNow() {
    // given
    Instant now = Instant.now();
    Instant past = now.minus(3650, ChronoUnit.DAYS);
    Instant future = now.plus(3650, ChronoUnit.DAYS);

    // when
    images.pipeInput(new TestRecord<>(bytes("past"), bytes("1 2 3"), past));
    images.pipeInput(new TestRecord<>(bytes("future"), bytes("1 2 3"), future));
    images.pipeInput(new TestRecord<>(bytes("now"), bytes("1 2 3"), now));
    driver.advanceWallClockTime(Duration.ofDays(6));
    for (String id : Arrays.asList("past", "future", "now")) {
      corrections.pipeInput(new TestRecord<>(bytes(id), bytes("{\"label\":\"bee\"}"), future));
    }

    // then
    assertThat(predictions.readRecordsToList())
        .extracting(TestRecord<String, Prediction>::getRecordTime)
        .allSatisfy(at -> assertThat(at).isBefore(now.plus(1, ChronoUnit.HOURS)));
    assertThat(training.readRecordsToList())
        .hasSize(3)
        .allSatisfy(
            example -> assertThat(example.getRecordTime()).isBefore(now.plus(1, ChronoUnit.HOURS)));
    assertThat(deadLetters.isEmpty()).isTrue();
  }
}
