package io.afina.picture;

import static io.afina.event.DeadLetter.Reason.TOO_MANY_FRAMES;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.config.ConfigLoader;
import io.afina.event.DeadLetter.Reason;
import io.afina.picture.format.PngChunks;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostilePictureTest {

  private final PictureDecoder decoder =
      new PictureDecoder(ConfigLoader.defaults().load().pictures(), Inputs.plain(32, 32));
  private final Refusals refusals = new Refusals(decoder);

  @Test
  void shouldRefuseNothing() {
    refusals.assertRefused(new byte[0], null, Reason.EMPTY);
  }

  @Test
  void shouldRefuseTooManyBytesBeforeLookingAtThem() {
    refusals.assertRefused(new byte[20_000_001], null, Reason.TOO_MANY_BYTES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<svg/>", "%PDF-1.7", "RIFF\0\0\0\0WAVE", "GIF86a", "B", "II*"})
  void shouldRefuseOtherFormats(String bytes) {
    refusals.assertRefused(bytes.getBytes(StandardCharsets.ISO_8859_1), null, Reason.NOT_A_PICTURE);
  }

  static Stream<byte[]> bombs() {
    byte[] jpeg = Drawn.jpeg(Drawn.quarters(8, 8, BufferedImage.TYPE_INT_RGB), false);
    byte[] gif = Drawn.encoded(Drawn.quarters(8, 8, BufferedImage.TYPE_BYTE_INDEXED), "gif");
    byte[] bmp = Drawn.encoded(Drawn.quarters(8, 8, BufferedImage.TYPE_BYTE_INDEXED), "bmp");
    byte[] webp = Drawn.fixture("quadrants-lossless.webp");
    return Stream.of(
        png(50_000, 50_000),
        png(Integer.MAX_VALUE, Integer.MAX_VALUE),
        bigEndian(jpeg, Drawn.indexOf(jpeg, 0xff, 0xc0) + 5, 0xfdfd, 0xfdfd),
        littleEndian(gif, Drawn.indexOf(gif, 0x2c, 0, 0, 0, 0) + 5, 0xffff, 0xffff),
        ByteBuffer.wrap(bmp)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(18, 11_000)
            .putInt(22, -11_000)
            .array(),
        ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN).putInt(21, 0x0fffffff).array());
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void shouldRefuseTooManyPixelsByTheHeader(byte[] bomb) {
    refusals.assertRefused(bomb, null, Reason.TOO_MANY_PIXELS);
  }

  @Test
  void shouldReadOnlyTheFirstOfManyFrames() throws Exception {
    float[] tensor =
        Assertions.assertTimeout(Duration.ofSeconds(2), () -> decoder.decode(animated(1000), null));
    assertThat(tensor).isEqualTo(decoder.decode(animated(1), null));
  }

  @Test
  void shouldRefuseTooManyFrames() throws Exception {
    byte[] png = Drawn.encoded(Drawn.quarters(8, 8, BufferedImage.TYPE_INT_RGB), "png");
    byte[] claim = ByteBuffer.allocate(8).putInt(1001).putInt(0).array();
    refusals.assertRefused(
        Drawn.inserted(png, 33, Drawn.chunk("acTL", claim)), null, TOO_MANY_FRAMES);
    refusals.assertRefused(animated(1001), null, TOO_MANY_FRAMES);

    byte[] webp = Drawn.fixture("animated.webp");
    assertThat(FrameCounter.count(PictureFormat.WEBP, webp)).isGreaterThan(1);
    PictureDecoder stills =
        new PictureDecoder(
            ConfigLoader.defaults().set("pictures.maxFrames", 1).load().pictures(),
            Inputs.plain(32, 32));
    assertThatThrownBy(() -> stills.decode(webp, null))
        .hasMessageContaining("pictures.maxFrames is 1");
  }

  /** A GIF whose only frame is repeated. */
  private static byte[] animated(int frames) {
    byte[] gif = Drawn.encoded(Drawn.quarters(64, 64, BufferedImage.TYPE_BYTE_INDEXED), "gif");
    int frame = Drawn.indexOf(gif, 0x2c, 0, 0, 0, 0);
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    many.write(gif, 0, gif.length - 1);
    for (int i = 1; i < frames; i++) {
      many.write(gif, frame, gif.length - 1 - frame);
    }
    many.write(';');
    return many.toByteArray();
  }

  @Test
  void shouldNotEvenShowTheTextsOfAPngToTheDecoder() throws Exception {
    byte[] png = Drawn.encoded(Drawn.quarters(64, 64, BufferedImage.TYPE_BYTE_INDEXED), "png");
    byte[] text = Drawn.chunk("zTXt", "a compressed text of any size".getBytes(UTF_8));
    assertThat(PngChunks.plain(Drawn.inserted(png, 33, text))).isEqualTo(png);
  }

  @Test
  void shouldRefuseAJpegOfThousandsOfScans() {
    byte[] jpeg = Drawn.jpeg(Drawn.quarters(64, 64, BufferedImage.TYPE_INT_RGB), true);
    int first = Drawn.indexOf(jpeg, 0xff, 0xda);
    int next = Drawn.indexOf(jpeg, first + 2, new int[] {0xff, 0xda});
    byte[] bomb = jpeg;
    for (int i = 0; i < JpegSegments.MOST_SCANS; i++) {
      bomb = Drawn.inserted(bomb, next, Arrays.copyOfRange(jpeg, first, next));
    }
    refusals.assertRefused(bomb, null, Reason.BROKEN_PICTURE);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void shouldRefuseABmpThatWrapsAnotherPicture(int compression) {
    byte[] wrapped = compression == 4 ? Drawn.jpeg(Drawn.noise(), false) : png(50_000, 50_000);
    ByteBuffer bmp = ByteBuffer.allocate(54 + wrapped.length).order(ByteOrder.LITTLE_ENDIAN);
    bmp.put(new byte[] {'B', 'M'}).putInt(bmp.capacity()).putInt(0).putInt(54);
    bmp.putInt(40).putInt(8).putInt(8).putShort((short) 1).putShort((short) 0);
    bmp.putInt(compression).putInt(wrapped.length).putInt(0).putInt(0).putInt(0).putInt(0);
    refusals.assertRefused(bmp.put(wrapped).array(), null, Reason.BROKEN_PICTURE);
  }

  @Test
  void shouldRefuseAWebpWhoseFrameIsLargerThanItsCanvas() {
    byte[] lossy = Drawn.fixture("quadrants-lossy.webp");
    byte[] vp8 = Arrays.copyOfRange(lossy, 12, lossy.length);
    ByteBuffer webp = ByteBuffer.allocate(30 + vp8.length).order(ByteOrder.LITTLE_ENDIAN);
    webp.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(webp.capacity() - 8);
    webp.put("WEBPVP8X".getBytes(StandardCharsets.US_ASCII)).putInt(10).putInt(0);
    webp.put(new byte[] {63, 0, 0, 63, 0, 0}).put(vp8);
    assertThatCode(() -> decoder.decode(webp.array(), null)).doesNotThrowAnyException();
    webp.putShort(30 + 14, (short) 0x3fff);
    refusals.assertRefused(webp.array(), null, Reason.BROKEN_PICTURE);
  }

  private static byte[] png(int width, int height) {
    byte[] png = Drawn.encoded(Drawn.quarters(8, 8, BufferedImage.TYPE_INT_RGB), "png");
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put(new byte[] {8, 2, 0, 0, 0})
            .array();
    return ByteBuffer.wrap(png).put(8, Drawn.chunk("IHDR", header)).array();
  }

  private static byte[] bigEndian(byte[] bytes, int at, int... shorts) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).position(at);
    Arrays.stream(shorts).forEach(s -> buffer.putShort((short) s));
    return bytes;
  }

  private static byte[] littleEndian(byte[] bytes, int at, int... shorts) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(at);
    Arrays.stream(shorts).forEach(s -> buffer.putShort((short) s));
    return bytes;
  }
}
