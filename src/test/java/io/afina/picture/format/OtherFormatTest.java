package io.afina.picture.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is sent instead of a picture that is read, and what its producer is told. */
class OtherFormatTest {

  static Stream<Arguments> others() {
    return Stream.of(
        Arguments.of("\0\0\0\u0018ftypheic\0\0\0\0mif1heic", "a HEIC picture", "to JPEG"),
        Arguments.of("\0\0\0 ftypmif1\0\0\0\0mif1heic", "a HEIC picture", "to JPEG"),
        Arguments.of("\0\0\0 ftypavif\0\0\0\0avifmif1", "an AVIF picture", "to JPEG"),
        Arguments.of("\u00ff\n\u00124", "a JPEG XL picture", "to JPEG"),
        Arguments.of("\0\0\0\fJXL \r\n\u0087\n\0\0", "a JPEG XL picture", "to JPEG"),
        Arguments.of("II+\0\b\0\0\0", "a BigTIFF", "TIFF of less than 4 GB"),
        Arguments.of("\0\0\1\0\1\0\u0010\u0010", "an icon", "to JPEG or PNG"),
        Arguments.of("8BPS\0\1", "a Photoshop document", "to JPEG or PNG"),
        Arguments.of("<?xml version=\"1.0\"?>\n<!-- x -->\n<svg xmlns=\"", "an SVG", "to PNG"),
        Arguments.of("<svg/>", "an SVG", "to PNG"),
        Arguments.of("%PDF-1.7", "a PDF document", "its page"),
        Arguments.of("\0\0\0\u0018ftypisom\0\0\0\0", "a video (MP4 or MOV)", "a frame"),
        Arguments.of("\0\0\0\u0014ftypqt  \0\0\0\0", "a video (MP4 or MOV)", "a frame"),
        Arguments.of("\u001aE\u00df\u00a3\u0093", "a video (WebM", "a frame"),
        Arguments.of("RIFF\0\0\0\0AVI LIST", "a video (AVI)", "a frame"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("others")
  void shouldNameWhatItDoesNotReadAndSayWhatToDo(String bytes, String name, String advice) {
    String explanation = OtherFormat.of(bytes.getBytes(ISO_8859_1)).orElseThrow().explanation();

    assertThat(explanation).contains(name).contains(advice);
  }

  @Test
  void shouldKnowNothingOfOtherBytes() {
    assertThat(OtherFormat.of("no picture".getBytes(ISO_8859_1))).isEmpty();
  }
}
