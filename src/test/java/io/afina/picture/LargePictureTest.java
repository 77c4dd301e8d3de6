package io.afina.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.ConfigLoader;
import io.afina.config.PicturesConfig;
import io.afina.picture.tensor.ResizeRule;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures that are read in part, beside the same ones read whole. */
class LargePictureTest {

  private static final PicturesConfig LIMITS = ConfigLoader.defaults().load().pictures();
  private static final long PLENTY = 400_000_000;

  /** Every picture is larger than it may be. */
  private final PictureDecoder inPart = decoder(1);

  private final PictureDecoder whole = decoder(PLENTY);

  static Stream<byte[]> pictures() {
    BufferedImage colours = Drawn.quarters(1003, 803, BufferedImage.TYPE_INT_RGB);
    BufferedImage palette = Drawn.quarters(1003, 803, BufferedImage.TYPE_BYTE_INDEXED);
    BufferedImage oneBit = Drawn.quarters(1003, 803, BufferedImage.TYPE_BYTE_BINARY);
    return Stream.of(
        Drawn.encoded(colours, "png"),
        Drawn.encoded(Drawn.quarters(1003, 803, BufferedImage.TYPE_4BYTE_ABGR), "png"),
        Drawn.encoded(Drawn.quarters(Drawn.sixteenBits(1003)), "png"),
        Drawn.encoded(Drawn.quarters(1003, 803, BufferedImage.TYPE_USHORT_GRAY), "png"),
        Drawn.encoded(palette, "png"),
        Drawn.encoded(oneBit, "png"),
        Drawn.encoded(colours, "gif"),
        Drawn.encoded(colours, "bmp"),
        Drawn.encoded(palette, "bmp"),
        Drawn.encoded(oneBit, "bmp"),
        Drawn.jpeg(colours, false),
        Drawn.jpeg(colours, true),
        Drawn.jpeg(Drawn.quarters(1003, 803, BufferedImage.TYPE_BYTE_GRAY), false),
        Drawn.fixture("quadrants-lossy.webp"),
        Drawn.fixture("quadrants-lossless.webp"),
        Drawn.fixture("transparent.webp"),
        Drawn.fixture("animated.webp"),
        Drawn.fixture("quadrants-cmyk.jpg"),
        Drawn.fixture("quadrants-on-its-side.png"));
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void shouldSeeTheSameInAPictureThatIsReadInPart(byte[] picture) throws Exception {
    float[] numbers = inPart.decode(picture, null);
    float[] all = whole.decode(picture, null);
    double sum = 0;
    for (int i = 0; i < all.length; i++) {
      sum += Math.abs(numbers[i] - all[i]);
    }
    assertThat(sum / all.length).isLessThan(0.02);
  }

  @Test
  void shouldReadAnOrdinaryPictureWhole() throws Exception {
    MemoryBudget heap = DecoderMemory.of(LIMITS).heap();
    for (PictureFormat format : List.of(PictureFormat.PNG, PictureFormat.BMP)) {
      byte[] picture =
          format == PictureFormat.PNG
              ? HostilePictures.png(4000, 3000, 8, 2, false)
              : HostilePictures.bmp(3000, 24, 0, new byte[0]);
      assertThat(HeapNeed.of(format, picture, 4000, 3000).step(heap.wanted(), 512)).isOne();
    }
  }

  @Test
  void shouldLeaveTheShorterSideTwiceWhatIsNeeded() throws Exception {
    byte[] png = HostilePictures.png(2000, 1000, 8, 2, false);
    HeapNeed need = HeapNeed.of(PictureFormat.PNG, png, 2000, 1000);
    assertThat(need.step(1, 100)).isEqualTo(10);
    assertThat(need.step(1, 334)).isEqualTo(2);
    assertThat(need.step(1, 1001)).isOne();
    assertThat(need.step(need.bytes(3), 100)).isEqualTo(3);
    assertThat(ImageIoDecoder.leastSide(new ResizeRule(256, 224))).isEqualTo(512);
  }

  private static PictureDecoder decoder(long wanted) {
    MemoryBudget budget = new MemoryBudget("key", PLENTY, wanted, Duration.ofMinutes(1));
    return new PictureDecoder(
        LIMITS,
        Inputs.plain(8, 8),
        false,
        new DecoderMemory(budget, budget),
        (declared, found) -> {});
  }
}
