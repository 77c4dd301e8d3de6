package io.afina.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.afina.event.DeadLetter.Reason;
import io.afina.event.UnusableRecordException;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureReferenceTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://bucket/x.jpg",
        "s3://bucket/x.jpg\r\n",
        "# a comment\r\n\r\ns3://bucket/x.jpg\n#another\n"
      })
  void shouldReadTheOneUriOfAList(String list) throws Exception {
    // when
    PictureReference reference =
        PictureReference.of(
                Door.bytes(list), headers("content-type", "Text/URI-List; charset=utf-8"))
            .orElseThrow();

    // then
    assertThat(reference.uri()).hasToString("s3://bucket/x.jpg");
    assertThat(reference.contentType()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"# nothing", "s3://bucket/x\ns3://bucket/y", "x.jpg", "gopher://a/x"})
  void shouldRefuseAListOfAnythingElse(String list) {
    // when
    UnusableRecordException refused =
        catchThrowableOfType(
            UnusableRecordException.class,
            () -> PictureReference.of(Door.bytes(list), Door.list()));

    // then
    assertThat(refused.reason()).isEqualTo(Reason.BAD_REFERENCE);
  }

  @Test
  void shouldRefuseAListWithoutEnd() {
    // given
    byte[] list = Door.bytes("#\n".repeat(50_000) + "s3://bucket/x");

    // when
    UnusableRecordException refused =
        catchThrowableOfType(
            UnusableRecordException.class, () -> PictureReference.of(list, Door.list()));

    // then
    assertThat(refused.reason()).isEqualTo(Reason.BAD_REFERENCE);
  }

  @Test
  void shouldReadCloudEventsReferenceOfAnEventWithoutData() throws Exception {
    // given
    Headers headers =
        headers("ce_dataref", "https://a.com/x.jpg").add("content-type", Door.bytes("image/jpeg"));

    // when
    Optional<PictureReference> none = PictureReference.of(null, headers);
    Optional<PictureReference> empty = PictureReference.of(new byte[0], headers);
    Optional<PictureReference> both = PictureReference.of(new byte[] {1}, headers);

    // then
    assertThat(none.orElseThrow().uri()).hasToString("https://a.com/x.jpg");
    assertThat(none.orElseThrow().contentType()).isEqualTo("image/jpeg");
    assertThat(empty).isEqualTo(none);
    assertThat(both).as("its own data and what it refers to are the same").isEmpty();
  }

  private static Headers headers(String name, String value) {
    return new RecordHeaders().add(name, Door.bytes(value));
  }
}
