package io.afina.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.afina.event.DeadLetter.Reason;
import io.afina.event.UnusableRecordException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;

/** Asserts that a decoder refuses a picture soon, for the right reason and with a sentence. */
record Refusals(PictureDecoder decoder) {

  void assertRefused(byte[] picture, @Nullable String contentType, Reason reason) {
    Throwable thrown =
        Assertions.assertTimeout(
            Duration.ofSeconds(5),
            () -> catchThrowable(() -> decoder.decode(picture, contentType)));
    assertThat(thrown)
        .as("%d bytes", picture.length)
        .isInstanceOfSatisfying(
            UnusableRecordException.class,
            e -> {
              assertThat(e.reason()).as(e.why()).isEqualTo(reason);
              assertThat(e.why()).isNotBlank().doesNotContain("null");
            });
  }
}
