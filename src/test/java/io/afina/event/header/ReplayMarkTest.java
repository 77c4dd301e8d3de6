package io.afina.event.header;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.RecordId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class ReplayMarkTest {

  private static final ReplayMark MARK = new ReplayMark(new RecordId(3, 141));

  @Test
  void shouldNameTheDeadLetterItMarks() {
    assertThat(ReplayMark.from(MARK.headers())).hasValue(MARK);
    assertThat(RecordId.parse("3-141")).hasValue(MARK.letter());
  }

  @Test
  void shouldReadNothingElseAsAnId() {
    for (String wrong :
        new String[] {"", "3", "-1", "3-", "3--1", "3-1x", "a-1", "3-" + "9".repeat(19)}) {
      assertThat(RecordId.parse(wrong)).as(wrong).isEmpty();
    }
  }

  @Test
  void shouldNotBeForgedByTheHeadersOfABrokenPicture() {
    // given
    Headers headers = MARK.headers();

    // when
    deadLetter().addTo(headers);

    // then
    assertThat(ReplayMark.from(headers)).isEmpty();
  }

  @Test
  void shouldGiveARecordItsOwnHeadersBackAndTellItsOrigin() {
    // given
    Headers headers = new RecordHeaders();
    headers.add("twice", bytes("1")).add("twice", bytes("2")).add("empty", null);
    headers.add("traceparent", bytes("00-ab"));
    headers.add("afina.replayed-from", bytes("0-7"));
    deadLetter().addTo(headers);

    // when
    Headers replayed = MARK.replayed(headers);

    // then
    assertThat(Arrays.stream(replayed.toArray()).map(Header::key))
        .containsExactly("twice", "twice", "empty", "traceparent", "afina.replayed-from");
    assertThat(replayed.lastHeader("twice").value()).isEqualTo(bytes("2"));
    assertThat(replayed.lastHeader("afina.replayed-from").value()).isEqualTo(bytes("3-141"));
  }

  private static DeadLetter deadLetter() {
    return new DeadLetter(
        "images", 0, 1, 2, Stage.DECODE, Reason.NOT_A_PICTURE, "no picture", Instant.EPOCH);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
