package io.afina.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.config.ConfigLoader;
import io.afina.event.UnusableRecordException;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** What browsers are sent. */
class PictureRenderingTest {

  private final PictureRendering rendering =
      new PictureRendering(ConfigLoader.defaults().load().pictures());

  @Test
  void shouldSendAPictureThatBrowsersShowAsItIs() throws Exception {
    byte[] png = Drawn.encoded(Drawn.quarters(64, 48, BufferedImage.TYPE_INT_RGB), "png");

    PictureRendering.Shown shown = rendering.shown(png);

    assertThat(shown.bytes()).isSameAs(png);
    assertThat(shown.mediaType()).isEqualTo("image/png");
  }

  @Test
  void shouldSendAJpegOfATiffUprightAndNoLargerThanAScreen() throws Exception {
    // given, on its side
    Map<Integer, long[]> tags = Tiffs.tags(3000, 2000, 8, 1, Tiffs.GREY);
    tags.put(274, new long[] {6});
    byte[] pixels = new byte[3000 * 2000];
    java.util.Arrays.fill(pixels, 0, pixels.length / 2, (byte) 255);

    // when
    PictureRendering.Shown shown = rendering.shown(Tiffs.file(tags, pixels));

    // then the upper half of the file is the right one
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(shown.bytes()));
    assertThat(shown.mediaType()).isEqualTo("image/jpeg");
    assertThat(image.getHeight()).isEqualTo(1000);
    assertThat(image.getWidth()).isEqualTo(667);
    assertThat(new Color(image.getRGB(600, 500)).getRed()).isGreaterThan(250);
    assertThat(new Color(image.getRGB(60, 500)).getRed()).isLessThan(5);
  }

  @Test
  void shouldSendAJpegOfAJpeg2000() throws Exception {
    byte[] jp2 = Jpeg2000s.encoded(Drawn.quarters(64, 48, BufferedImage.TYPE_INT_RGB));

    PictureRendering.Shown shown = rendering.shown(jp2);

    BufferedImage image = ImageIO.read(new ByteArrayInputStream(shown.bytes()));
    assertThat(shown.mediaType()).isEqualTo("image/jpeg");
    assertThat(new Color(image.getRGB(5, 40)).getBlue()).isGreaterThan(240);
  }

  @Test
  void shouldSayWhyItShowsNothing() {
    assertThatThrownBy(
            () -> rendering.shown("8BPS....".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
        .isInstanceOf(UnusableRecordException.class)
        .hasMessageContaining("a Photoshop document");
  }
}
