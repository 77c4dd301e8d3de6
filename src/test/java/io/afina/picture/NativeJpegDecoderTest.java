package io.afina.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.Shared;
import io.afina.config.ConfigLoader;
import io.afina.config.PicturesConfig;
import io.afina.event.UnusableRecordException;
import io.afina.picture.tensor.PictureInput;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The native decoder beside ImageIO, which takes its place where it is missing. */
class NativeJpegDecoderTest {

  private static final PicturesConfig LIMITS = ConfigLoader.defaults().load().pictures();

  private final NativeJpegDecoder jpeg =
      new NativeJpegDecoder(new PixelLimit(1_000_000), DecoderMemory.of(LIMITS).natively(), 32);

  @Test
  void shouldBeThereOnThePlatformThatBuilds() {
    assertThat(NativeJpegDecoder.isThere()).isTrue();
  }

  static Stream<byte[]> wholePictures() {
    BufferedImage colour = noise(121, 91, BufferedImage.TYPE_3BYTE_BGR);
    BufferedImage grey = noise(60, 45, BufferedImage.TYPE_BYTE_GRAY);
    return Stream.of(
        Drawn.jpeg(colour, false),
        Drawn.jpeg(colour, true),
        Drawn.jpeg(grey, false),
        Drawn.withOrientation(Drawn.jpeg(colour, false), 6),
        Drawn.jpeg(noise(3, 2, BufferedImage.TYPE_3BYTE_BGR), false),
        Drawn.fixture("quadrants-cmyk.jpg"));
  }

  @ParameterizedTest
  @MethodSource("wholePictures")
  void shouldGiveTheSameNumbersAsImageIoWhereNothingIsReduced(byte[] picture) throws Exception {
    PictureInput input = Inputs.plain(90, 80);
    float[] numbers = new PictureDecoder(LIMITS, input).decode(picture, null);
    float[] portable = new PictureDecoder(LIMITS, input, false).decode(picture, null);
    assertThat(numbers).hasSameSizeAs(portable);
    assertThat(mostApart(numbers, portable)).isLessThanOrEqualTo(1 / 255f);
  }

  @ParameterizedTest
  @CsvSource({
    "64, 64, 32",
    "63, 80, 63",
    "127, 64, 32",
    "300, 128, 32",
    "256, 2000, 32",
    "9, 9, 9"
  })
  void shouldReduceAsFarAsTheShorterSideAllows(int width, int height, int shorter)
      throws Exception {
    byte[] picture = Drawn.jpeg(Drawn.quarters(width, height, BufferedImage.TYPE_3BYTE_BGR), false);
    try (PixelRows rows = jpeg.decode(JpegSegments.of(picture)).orElseThrow()) {
      assertThat(Math.min(rows.width(), rows.height())).isEqualTo(shorter);
    }
  }

  @Test
  void shouldSeeTheSameInAReducedPicture() throws Exception {
    byte[] picture = Drawn.jpeg(Drawn.quarters(1024, 1024, BufferedImage.TYPE_3BYTE_BGR), false);
    float[] numbers = new PictureDecoder(LIMITS, Inputs.plain(32, 32)).decode(picture, null);
    float[] portable =
        new PictureDecoder(LIMITS, Inputs.plain(32, 32), false).decode(picture, null);
    assertThat(meanApart(numbers, portable)).isLessThan(0.01);
  }

  static Stream<byte[]> doubtfulPictures() {
    byte[] whole = Drawn.jpeg(noise(120, 90, BufferedImage.TYPE_3BYTE_BGR), false);
    byte[] progressive = Drawn.jpeg(noise(120, 90, BufferedImage.TYPE_3BYTE_BGR), true);
    byte[] holed = whole.clone();
    holed[whole.length / 2] = (byte) 0xff;
    holed[whole.length / 2 + 1] = (byte) 0xd9;
    return Stream.of(
        Arrays.copyOf(whole, whole.length / 2),
        Arrays.copyOf(progressive, progressive.length * 3 / 4),
        holed,
        Drawn.fixture("quadrants-cmyk.jpg"),
        withFrame(whole, 0xc3),
        withFrame(whole, 0xc9),
        Arrays.copyOf(whole, 200));
  }

  @ParameterizedTest
  @MethodSource("doubtfulPictures")
  void shouldLeaveWhatItDoubtsToImageIo(byte[] picture) throws Exception {
    assertThat(jpeg.decode(JpegSegments.of(picture))).isEmpty();
  }

  @Test
  void shouldRefuseTooManyPixelsByTheHeader() {
    byte[] large = Drawn.jpeg(Drawn.quarters(1001, 1000, BufferedImage.TYPE_3BYTE_BGR), false);
    assertThatThrownBy(() -> jpeg.decode(JpegSegments.of(large)))
        .isInstanceOf(UnusableRecordException.class)
        .hasMessageContaining("1,001 x 1,000 pixels");
  }

  @Test
  void shouldJudgeDamagedScansAsImageIoDoes() {
    Random random = new Random(23);
    PictureDecoder decoder = new PictureDecoder(LIMITS, Inputs.plain(32, 32));
    PictureDecoder portable = new PictureDecoder(LIMITS, Inputs.plain(32, 32), false);
    byte[] whole = Drawn.jpeg(noise(120, 90, BufferedImage.TYPE_3BYTE_BGR), false);
    int scan = indexOfMarker(whole, 0xda) + 14;
    int refused = 0;
    for (int round = 0; round < 400; round++) {
      byte[] damaged = whole.clone();
      for (int i = 0; i <= round % 4; i++) {
        damaged[random.nextInt(scan, damaged.length)] = (byte) random.nextInt();
      }
      Optional<Object> verdict = verdict(decoder, damaged);
      assertThat(verdict).as("round %d", round).isEqualTo(verdict(portable, damaged));
      refused += verdict.isPresent() ? 1 : 0;
    }
    assertThat(refused).isBetween(1, 399);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bench", "hymenoptera/val"})
  void shouldPreparePhotographsAsImageIoDoes(String folder) throws Exception {
    PictureInput input = Inputs.plain(256, 224);
    PictureDecoder decoder = new PictureDecoder(LIMITS, input);
    PictureDecoder portable = new PictureDecoder(LIMITS, input, false);
    for (Path photo : photos(folder)) {
      byte[] bytes = Files.readAllBytes(photo);
      assertThat(meanApart(decoder.decode(bytes, null), portable.decode(bytes, null)))
          .as(photo.toString())
          .isLessThan(0.02);
    }
  }

  @Test
  void shouldTellAllNeedsOfAFileInItsSegments() throws Exception {
    byte[] picture = Drawn.jpeg(noise(120, 90, BufferedImage.TYPE_3BYTE_BGR), true);
    JpegSegments plain = JpegSegments.of(picture);
    assertThat(plain.plain()).isEqualTo(picture);
    assertThat(plain.length()).isEqualTo(picture.length);
    JpegSegments turned = JpegSegments.of(Drawn.withOrientation(picture, 6));
    assertThat(turned.plain()).isEqualTo(picture);
    assertThat(List.of(plain.hasMetadata(), turned.hasMetadata())).containsExactly(false, true);
  }

  private static Optional<Object> verdict(PictureDecoder decoder, byte[] picture) {
    try {
      decoder.decode(picture, null);
      return Optional.empty();
    } catch (UnusableRecordException e) {
      return Optional.of(e.reason());
    }
  }

  private static List<Path> photos(String folder) throws Exception {
    try (Stream<Path> files = Files.walk(Shared.require("photos/" + folder))) {
      return files.filter(file -> file.toString().endsWith(".jpg")).toList();
    }
  }

  private static byte[] withFrame(byte[] jpeg, int kind) {
    byte[] changed = jpeg.clone();
    changed[indexOfMarker(jpeg, 0xc0) + 1] = (byte) kind;
    return changed;
  }

  private static int indexOfMarker(byte[] jpeg, int kind) {
    int at = 2;
    while (jpeg[at] != (byte) 0xff || jpeg[at + 1] != (byte) kind) {
      at++;
    }
    return at;
  }

  private static BufferedImage noise(int width, int height, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    Random random = new Random(17);
    for (int i = 0; i < width * height; i++) {
      image.setRGB(i % width, i / width, random.nextInt());
    }
    return image;
  }

  private static double meanApart(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum / a.length;
  }

  private static float mostApart(float[] a, float[] b) {
    float most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }
}
