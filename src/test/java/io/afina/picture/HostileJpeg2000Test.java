package io.afina.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.ConfigLoader;
import io.afina.event.DeadLetter.Reason;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JPEG 2000 pictures whose headers want more than a picture of their size needs. */
class HostileJpeg2000Test {

  /** Where numbers are in a codestream: behind its first marker is that of its size. */
  private static final int RIGHT = 8;

  private static final int BOTTOM = 12;
  private static final int TILE_WIDTH = 24;
  private static final int TILE_HEIGHT = 28;
  private static final int COMPONENTS = 40;
  private static final int FIRST_COMPONENT = 42;

  private final PictureDecoder decoder =
      new PictureDecoder(ConfigLoader.defaults().load().pictures(), Inputs.plain(32, 32));
  private final Refusals refusals = new Refusals(decoder);
  private final byte[] codestream =
      Jpeg2000s.codestream(Jpeg2000s.encoded(Drawn.quarters(96, 64, BufferedImage.TYPE_INT_RGB)));

  @Test
  void shouldDecodeTheCodestreamAlone() throws Exception {
    byte[] jp2 = Jpeg2000s.encoded(Drawn.quarters(96, 64, BufferedImage.TYPE_INT_RGB));
    assertThat(decoder.decode(codestream, null)).isEqualTo(decoder.decode(jp2, null));
  }

  @ParameterizedTest
  @CsvSource({"50000, 50000", "2147483647, 64", "96, 2147483647"})
  void shouldRefuseTooManyPixelsByTheHeader(int width, int height) {
    ByteBuffer file = ByteBuffer.wrap(codestream).putInt(RIGHT, width).putInt(BOTTOM, height);
    file.putInt(TILE_WIDTH, width).putInt(TILE_HEIGHT, height);
    refusals.assertRefused(codestream, null, Reason.TOO_MANY_PIXELS);
  }

  @Test
  void shouldRefuseWhatNeverFitsIntoMemoryBeforeItIsDecoded() {
    // given nine thousand pixels a side, which can be halved three times, in blocks of 4 x 4
    ByteBuffer file = ByteBuffer.wrap(codestream).putInt(RIGHT, 9000).putInt(BOTTOM, 9000);
    file.putInt(TILE_WIDTH, 9000).putInt(TILE_HEIGHT, 9000);
    int style = Drawn.indexOf(codestream, 0xff, 0x52);
    file.put(style + 10, (byte) 0).put(style + 11, (byte) 0);

    refusals.assertRefused(codestream, null, Reason.TOO_MANY_PIXELS);
  }

  @Test
  void shouldRefuseAsManyTilesAsPixels() {
    ByteBuffer file = ByteBuffer.wrap(codestream).putInt(RIGHT, 1000).putInt(BOTTOM, 1000);
    file.putInt(TILE_WIDTH, 1).putInt(TILE_HEIGHT, 1);
    refusals.assertRefused(codestream, null, Reason.BROKEN_PICTURE);
  }

  @Test
  void shouldRefuseMorePacketsThanAPictureNeeds() {
    ByteBuffer file = ByteBuffer.wrap(codestream).putInt(TILE_WIDTH, 2).putInt(TILE_HEIGHT, 2);
    int style = Drawn.indexOf(codestream, 0xff, 0x52);
    file.putShort(style + 6, (short) 0xffff);
    refusals.assertRefused(codestream, null, Reason.BROKEN_PICTURE);
  }

  @ParameterizedTest
  @CsvSource({"0", "2", "5", "16384"})
  void shouldRefuseOtherNumbersOfComponents(int components) {
    ByteBuffer.wrap(codestream).putShort(COMPONENTS, (short) components);
    refusals.assertRefused(codestream, null, Reason.BROKEN_PICTURE);
  }

  @ParameterizedTest
  @CsvSource({"0, 15", "0, 135", "1, 2", "2, 2"})
  void shouldRefuseSamplesOfAnotherSize(int field, int value) {
    ByteBuffer.wrap(codestream).put(FIRST_COMPONENT + 3 + field, (byte) value);
    refusals.assertRefused(codestream, null, Reason.BROKEN_PICTURE);
  }

  @Test
  void shouldRefuseAJpeg2000ThatIsCutShort() {
    byte[] jp2 = Jpeg2000s.encoded(Drawn.noise());
    for (int percent = 1; percent < 95; percent += 7) {
      byte[] cut = Arrays.copyOf(jp2, Math.max(12, jp2.length * percent / 100));
      refusals.assertRefused(cut, null, Reason.BROKEN_PICTURE);
    }
  }

  @Test
  void shouldRefuseBoxesThatGoRoundInCircles() {
    ByteBuffer boxes =
        ByteBuffer.allocate(100)
            .putInt(12)
            .put("jP  \r\n\u0087\n".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    refusals.assertRefused(boxes.putInt(0).putInt(0).array(), null, Reason.BROKEN_PICTURE);
    refusals.assertRefused(boxes.putInt(12, 1).putLong(20, 0).array(), null, Reason.BROKEN_PICTURE);
  }
}
