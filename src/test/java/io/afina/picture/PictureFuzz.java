package io.afina.picture;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.afina.config.ConfigLoader;
import io.afina.config.PicturesConfig;
import io.afina.event.UnusableRecordException;
import io.afina.picture.tensor.PictureInput;
import java.awt.image.BufferedImage;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever bytes are published: they are decoded to colours, natively and by the portable decoder,
 * or refused. A crash of the native decoder ends the JVM, which Surefire reports.
 */
class PictureFuzz {

  private static final PicturesConfig LIMITS =
      ConfigLoader.defaults()
          .set("pictures.maxBytes", 1_000_000)
          .set("pictures.maxPixels", 1_000_000)
          .set("pictures.maxFrames", 100)
          .load()
          .pictures();
  private static final PictureInput INPUT = Inputs.plain(32, 32);
  private static final PictureDecoder FAST = new PictureDecoder(LIMITS, INPUT);
  private static final PictureDecoder PORTABLE = new PictureDecoder(LIMITS, INPUT, false);

  static Stream<byte[]> seeds() {
    BufferedImage rgb = Drawn.quarters(16, 12, BufferedImage.TYPE_INT_RGB);
    byte[] jpeg = Drawn.jpeg(rgb, false);
    return Stream.of(
        jpeg,
        Drawn.jpeg(rgb, true),
        Drawn.withOrientation(jpeg, 6),
        Drawn.encoded(rgb, "png"),
        Drawn.encoded(rgb, "bmp"),
        Drawn.encoded(Drawn.quarters(16, 12, BufferedImage.TYPE_BYTE_INDEXED), "gif"),
        Drawn.fixture("quadrants-lossless.webp"),
        Drawn.fixture("quadrants-upside-down.webp"),
        Drawn.fixture("animated.webp"),
        Tiffs.encoded(rgb, "LZW"),
        Tiffs.encoded(rgb, "JPEG"),
        Tiffs.encoded(rgb, "Deflate"),
        Tiffs.encoded(Drawn.quarters(16, 12, BufferedImage.TYPE_BYTE_BINARY), "CCITT T.6"),
        Tiffs.of(Tiffs.CMYK, 16, 12, 8),
        Jpeg2000s.encoded(rgb),
        Bmps.runLengths4(),
        Bmps.os2());
  }

  @MethodSource("seeds")
  @FuzzTest
  void shouldBeDecodedOrRefused(byte[] bytes) {
    decode(FAST, bytes);
    decode(PORTABLE, bytes);
  }

  private static void decode(PictureDecoder decoder, byte[] bytes) {
    try {
      for (float colour : decoder.decode(bytes, null)) {
        assertThat(colour).isBetween(-0.001f, 1.001f);
      }
    } catch (UnusableRecordException e) {
      assertThat(e.why()).isNotBlank();
    }
  }
}
