package io.afina.picture;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afina.Shared;
import io.afina.config.ConfigLoader;
import io.afina.picture.tensor.PictureInput;
import io.afina.picture.tensor.ResizeRule;
import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureDecoderTest {

  private static final int SIDE = 32;
  private static final List<Color> QUARTERS = List.of(Drawn.QUARTERS);

  private final PictureDecoder decoder =
      new PictureDecoder(ConfigLoader.defaults().load().pictures(), Inputs.plain(SIDE, SIDE));

  static Stream<byte[]> encodings() {
    return Stream.of(
        Drawn.jpeg(Drawn.quarters(64, 64, BufferedImage.TYPE_INT_RGB), false),
        Drawn.jpeg(Drawn.quarters(64, 64, BufferedImage.TYPE_INT_RGB), true),
        Drawn.encoded(Drawn.quarters(64, 64, BufferedImage.TYPE_INT_RGB), "png"),
        Drawn.encoded(Drawn.quarters(64, 64, BufferedImage.TYPE_4BYTE_ABGR), "png"),
        Drawn.encoded(Drawn.quarters(64, 64, BufferedImage.TYPE_BYTE_INDEXED), "png"),
        Drawn.encoded(Drawn.quarters(Drawn.sixteenBits(64)), "png"),
        Drawn.encoded(Drawn.quarters(64, 64, BufferedImage.TYPE_INT_RGB), "gif"),
        Drawn.encoded(Drawn.quarters(64, 64, BufferedImage.TYPE_INT_RGB), "bmp"),
        Drawn.encoded(Drawn.quarters(64, 64, BufferedImage.TYPE_BYTE_INDEXED), "bmp"),
        Drawn.fixture("quadrants-lossless.webp"),
        Drawn.fixture("quadrants-lossy.webp"),
        Drawn.fixture("animated.webp"),
        Drawn.fixture("quadrants-cmyk.jpg"),
        Tiffs.encoded(Drawn.quarters(64, 64, BufferedImage.TYPE_INT_RGB), "LZW"),
        Jpeg2000s.encoded(Drawn.quarters(64, 64, BufferedImage.TYPE_INT_RGB)));
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void shouldSeeTheSamePictureInEveryFormat(byte[] picture) throws Exception {
    assertQuarters(decoder.decode(picture, null), QUARTERS);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0 1 2 3", "2, 1 0 3 2", "3, 3 2 1 0", "4, 2 3 0 1",
    "5, 0 2 1 3", "6, 2 0 3 1", "7, 3 1 2 0", "8, 1 3 0 2",
    "0, 0 1 2 3", "9, 0 1 2 3"
  })
  void shouldTurnAJpegUpright(int orientation, String quarters) throws Exception {
    byte[] jpeg = Drawn.jpeg(Drawn.quarters(96, 64, BufferedImage.TYPE_INT_RGB), false);
    float[] tensor = decoder.decode(Drawn.withOrientation(jpeg, orientation), null);
    assertQuarters(
        tensor,
        Stream.of(quarters.split(" ")).map(i -> QUARTERS.get(Integer.parseInt(i))).toList());
  }

  @Test
  void shouldTurnAPngUpright() throws Exception {
    byte[] png = Drawn.fixture("quadrants-on-its-side.png");
    assertQuarters(
        decoder.decode(png, null), List.of(Color.BLUE, Color.RED, Color.WHITE, Color.GREEN));
  }

  @Test
  void shouldTurnAWebpUpright() throws Exception {
    byte[] webp = Drawn.fixture("quadrants-upside-down.webp");
    assertQuarters(
        decoder.decode(webp, null), List.of(Color.WHITE, Color.BLUE, Color.GREEN, Color.RED));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 64, 128, 255})
  void shouldTakeGreyAsItIsStored(int grey) throws Exception {
    BufferedImage eight = new BufferedImage(40, 40, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage sixteen = new BufferedImage(40, 40, BufferedImage.TYPE_USHORT_GRAY);
    assertAll(decoder.decode(Drawn.encoded(Drawn.filled(eight, grey), "png"), null), grey);
    assertAll(decoder.decode(Drawn.jpeg(Drawn.filled(eight, grey), false), null), grey);
    assertAll(decoder.decode(Drawn.encoded(Drawn.filled(sixteen, grey * 257), "png"), null), grey);
  }

  @Test
  void shouldLayTransparentPartsOnWhite() throws Exception {
    BufferedImage colour = new BufferedImage(40, 40, BufferedImage.TYPE_4BYTE_ABGR);
    BufferedImage grey = Drawn.component(40, ColorSpace.CS_GRAY, true, DataBuffer.TYPE_BYTE);
    assertAll(decoder.decode(Drawn.encoded(Drawn.filled(colour, 0, 0, 0, 0), "png"), null), 255);
    assertAll(decoder.decode(Drawn.encoded(Drawn.filled(grey, 0, 128), "png"), null), 127);
    assertAll(decoder.decode(Drawn.fixture("transparent.webp"), null), 255);
  }

  @Test
  void shouldEnlargeASinglePixel() throws Exception {
    BufferedImage pixel = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    assertAll(decoder.decode(Drawn.encoded(Drawn.filled(pixel, 90, 90, 90), "png"), null), 90);
  }

  @Test
  void shouldTakeTheCentreOfALongPicture() throws Exception {
    BufferedImage line = new BufferedImage(20_001, 1, BufferedImage.TYPE_INT_RGB);
    line.setRGB(10_000, 0, 0xffffff);
    float[] tensor = decoder.decode(Drawn.encoded(line, "png"), null);
    assertThat(tensor[SIDE / 2 * SIDE + SIDE / 2]).isGreaterThan(0.9f);
    assertThat(decoder.decode(Drawn.encoded(line, "bmp"), null)).isEqualTo(tensor);
  }

  @Test
  void shouldNormaliseAsTheCardSays() throws Exception {
    PictureInput input =
        new PictureInput(new ResizeRule(8, 4), new float[] {0, 0.5f, 1}, new float[] {1, 0.5f, 2});
    PictureDecoder normalising =
        new PictureDecoder(
            ConfigLoader.defaults()
                .set("pictures.maxBytes", 10_000)
                .set("pictures.maxPixels", 10_000)
                .load()
                .pictures(),
            input);
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    float[] tensor =
        normalising.decode(Drawn.encoded(Drawn.filled(image, 51, 102, 255), "png"), null);
    assertThat(tensor).hasSize(3 * 4 * 4);
    assertThat(tensor[0]).isCloseTo(0.2f, within(1e-5f));
    assertThat(tensor[16]).isCloseTo(-0.2f, within(1e-5f));
    assertThat(tensor[47]).isCloseTo(0, within(1e-5f));
  }

  @Test
  void shouldIgnoreAColourProfileAsTheTrainingOfBackbonesDid() throws Exception {
    byte[] jpeg = Drawn.jpeg(Drawn.quarters(64, 64, BufferedImage.TYPE_INT_RGB), false);
    byte[] profile = new byte[40];
    System.arraycopy("\0\0\0\0ICC_PROFILE\0\1\1".getBytes(US_ASCII), 0, profile, 0, 18);
    profile[0] = (byte) 0xff;
    profile[1] = (byte) 0xe2;
    profile[3] = 38;
    assertThat(decoder.decode(Drawn.inserted(jpeg, 2, profile), null))
        .isEqualTo(decoder.decode(jpeg, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"image/png", "IMAGE/PNG; charset=binary", "", "application/octet-stream"})
  void shouldAcceptAContentTypeThatIsRightOrSaysNothing(String contentType) throws Exception {
    byte[] png = Drawn.encoded(Drawn.quarters(64, 64, BufferedImage.TYPE_INT_RGB), "png");
    assertQuarters(decoder.decode(png, contentType), QUARTERS);
  }

  @ParameterizedTest
  @CsvSource({
    "image/jpeg, jpeg",
    "text/html, other",
    "image/*, other",
    "image/gif; q=1, gif",
    "image/jp2, jpeg2000"
  })
  void shouldDecodeAPictureWhoseContentTypeIsWrongAndTellOfIt(String contentType, String declared)
      throws Exception {
    List<String> told = new ArrayList<>();
    PictureDecoder telling =
        new PictureDecoder(
            ConfigLoader.defaults().load().pictures(),
            Inputs.plain(SIDE, SIDE),
            (said, found) -> told.add(said + " " + found));
    byte[] png = Drawn.encoded(Drawn.quarters(64, 64, BufferedImage.TYPE_INT_RGB), "png");

    assertQuarters(telling.decode(png, contentType), QUARTERS);
    telling.decode(png, "image/png");

    assertThat(told).containsExactly(declared + " png");
  }

  @Test
  void shouldDecodeEveryPhotograph() throws Exception {
    try (Stream<Path> photos = Files.walk(Shared.require("photos"))) {
      for (Path photo : photos.filter(p -> p.toString().matches(".*\\.(jpg|gif)")).toList()) {
        assertThat(decoder.decode(Files.readAllBytes(photo), null))
            .as(photo.toString())
            .hasSize(3 * SIDE * SIDE);
      }
    }
  }

  static void assertQuarters(float[] tensor, List<Color> expected) {
    for (int i = 0; i < 4; i++) {
      int x = SIDE / 4 + i % 2 * (SIDE / 2);
      int y = SIDE / 4 + i / 2 * (SIDE / 2);
      float[] wanted = expected.get(i).getRGBColorComponents(null);
      for (int c = 0; c < 3; c++) {
        assertThat(tensor[(c * SIDE + y) * SIDE + x])
            .as("quarter %d, colour %d", i, c)
            .isCloseTo(wanted[c], within(0.04f));
      }
    }
  }

  private static void assertAll(float[] tensor, int grey) {
    for (float number : tensor) {
      assertThat(number * 255).isCloseTo(grey, within(1f));
    }
  }
}
