package io.afina.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.config.ConfigLoader;
import io.afina.config.PicturesConfig;
import io.afina.event.RecordLimits;
import io.afina.event.UnusableRecordException;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PictureReductionTest {

  private static final PicturesConfig CONFIG = ConfigLoader.defaults().load().pictures();

  private final PictureReduction reduction = new PictureReduction(CONFIG);

  @Test
  void shouldMakeTheShorterSideAsLongAsItIsConfiguredAndCutNothingOff() throws Exception {
    // when
    BufferedImage reduced = reduced(png(Drawn.quarters(1200, 900, BufferedImage.TYPE_INT_RGB)));

    // then
    assertThat(reduced.getWidth()).isEqualTo(512);
    assertThat(reduced.getHeight()).isEqualTo(384);
    assertNear(reduced.getRGB(2, 2), Color.RED);
    assertNear(reduced.getRGB(509, 2), Color.GREEN);
    assertNear(reduced.getRGB(2, 381), Color.BLUE);
    assertNear(reduced.getRGB(509, 381), Color.WHITE);
  }

  @Test
  void shouldMakeNoPictureLarger() throws Exception {
    for (int[] size : new int[][] {{300, 200}, {1, 1}, {1, 500}, {385, 384}}) {
      // when
      BufferedImage reduced =
          reduced(png(Drawn.quarters(size[0], size[1], BufferedImage.TYPE_INT_RGB)));

      // then
      assertThat(new int[] {reduced.getWidth(), reduced.getHeight()}).isEqualTo(size);
    }
  }

  @Test
  void shouldKeepTheLongestStripBelowWhatItsTopicTakes() throws Exception {
    // given: what no encoder can compress
    BufferedImage noise = new BufferedImage(8_000, 500, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int i = 0; i < 8_000 * 500; i++) {
      noise.setRGB(i % 8_000, i / 8_000, random.nextInt(1 << 24));
    }

    // when
    byte[] jpeg = reduction.reduce(png(noise));

    // then
    assertThat(jpeg.length).isLessThanOrEqualTo(RecordLimits.PICTURE_BYTES);
    assertThat(ImageIO.read(new ByteArrayInputStream(jpeg)).getHeight()).isLessThan(384);
  }

  @Test
  void shouldRefuseWhatIsNoPicture() {
    assertThatThrownBy(() -> reduction.reduce(new byte[] {1, 2, 3}))
        .isInstanceOf(UnusableRecordException.class);
  }

  private BufferedImage reduced(byte[] picture) throws Exception {
    return ImageIO.read(new ByteArrayInputStream(reduction.reduce(picture)));
  }

  private static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return png.toByteArray();
  }

  private static void assertNear(int rgb, Color expected) {
    Color color = new Color(rgb);
    assertThat(color.getRed()).isBetween(expected.getRed() - 8, expected.getRed() + 8);
    assertThat(color.getGreen()).isBetween(expected.getGreen() - 8, expected.getGreen() + 8);
    assertThat(color.getBlue()).isBetween(expected.getBlue() - 8, expected.getBlue() + 8);
  }
}
