package io.afina.picture;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.ConfigLoader;
import io.afina.config.PicturesConfig;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JPEG files that have more in them than a picture: they are their first one. */
class FirstPictureTest {

  private static final PicturesConfig LIMITS = ConfigLoader.defaults().load().pictures();

  private final byte[] first =
      Drawn.jpeg(Drawn.quarters(64, 48, BufferedImage.TYPE_INT_RGB), false);
  private final byte[] second = Drawn.jpeg(Drawn.noise(), false);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldTakeTheFirstOfSeveralPictures(boolean natives) throws Exception {
    PictureDecoder decoder = new PictureDecoder(LIMITS, Inputs.plain(32, 32), natives);
    float[] wanted = decoder.decode(first, null);

    // A CIPA DC-007 multi-picture file; a gain map of ISO 21496-1 is one too.
    byte[] multi = Drawn.inserted(first, 2, segment(0xe2, "MPF\0MM\0*\0\0\0\b\0\0\0\0\0\0"));
    assertThat(decoder.decode(joined(multi, second), null)).isEqualTo(wanted);

    byte[] ultraHdr =
        Drawn.inserted(
            multi,
            2,
            segment(
                0xe1,
                "http://ns.adobe.com/xap/1.0/\0<x hdrgm:Version=\"1.0\" Item:Semantic=\"GainMap\"/>"));
    assertThat(decoder.decode(joined(ultraHdr, second), null)).isEqualTo(wanted);

    byte[] video = ByteBuffer.allocate(5000).putInt(24).put("ftypmp42".getBytes(US_ASCII)).array();
    assertThat(decoder.decode(joined(first, video), null)).isEqualTo(wanted);
  }

  private static byte[] segment(int kind, String data) {
    return ByteBuffer.allocate(4 + data.length())
        .put((byte) 0xff)
        .put((byte) kind)
        .putShort((short) (2 + data.length()))
        .put(data.getBytes(US_ASCII))
        .array();
  }

  private static byte[] joined(byte[] one, byte[] other) {
    return ByteBuffer.allocate(one.length + other.length).put(one).put(other).array();
  }
}
