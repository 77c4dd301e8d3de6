package io.afina.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.ConfigLoader;
import io.afina.event.DeadLetter.Reason;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TIFF files that want more than a picture of their size needs. */
class HostileTiffTest {

  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILES = 324;
  private static final int TILE_BYTES = 325;
  private static final int DEFLATE = 8;
  private static final int JPEG = 7;

  private final PictureDecoder decoder =
      new PictureDecoder(ConfigLoader.defaults().load().pictures(), Inputs.plain(32, 32));
  private final Refusals refusals = new Refusals(decoder);

  @Test
  void shouldNotFollowDirectoriesInACircle() throws Exception {
    byte[] tiff = Tiffs.of(Tiffs.RGB, 16, 12, 8);
    float[] wanted = decoder.decode(tiff, null);
    ByteBuffer file = ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(tiff.length - 4, file.getInt(4));

    assertThat(decoder.decode(tiff, null)).isEqualTo(wanted);
  }

  @Test
  void shouldNotLookAtWhatNoPixelIsMadeOf() throws Exception {
    Map<Integer, long[]> tags = Tiffs.tags(16, 12, 8, 1, Tiffs.GREY);
    tags.put(34_675, new long[] {1, 2, 3, 4});
    tags.put(330, new long[] {8, 8, 8, 8});
    tags.put(34_665, new long[] {8});

    byte[] pixels = new byte[16 * 12];
    assertThat(decoder.decode(Tiffs.file(tags, pixels), null)).containsOnly(0f);
  }

  @Test
  void shouldRefuseTooManyPixelsByTheHeader() {
    refuse(Tiffs.tags(50_000, 50_000, 8, 1, Tiffs.GREY), Reason.TOO_MANY_PIXELS);
  }

  @ParameterizedTest
  @CsvSource({"1, 32, 1", "2, 64, 3", "1, 0, 1", "2, 8, 9", "2, 8, 0", "2, 8, 60000"})
  void shouldRefuseSamplesThatNoPictureHas(int photometric, int bits, int samples) {
    Map<Integer, long[]> tags = Tiffs.tags(16, 12, 8, 1, photometric);
    tags.put(Tiffs.BITS, new long[] {bits});
    tags.put(Tiffs.SAMPLES, new long[] {samples});
    refuse(tags, Reason.BROKEN_PICTURE);
  }

  @ParameterizedTest
  @CsvSource({"0, 12", "16, 0", "-1, 12"})
  void shouldRefuseATiffWithoutASize(int width, int height) {
    refuse(Tiffs.tags(width, height, 8, 1, Tiffs.GREY), Reason.BROKEN_PICTURE);
  }

  @Test
  void shouldRefuseRowsOfATileThatNeverFitIntoMemory() {
    Map<Integer, long[]> tags = Tiffs.tags(16, 12, 8, 1, Tiffs.GREY);
    tags.put(TILE_WIDTH, new long[] {2_000_000_000});
    tags.put(TILE_HEIGHT, new long[] {16});
    tags.put(TILES, new long[] {8});
    tags.put(TILE_BYTES, new long[] {100});
    refuse(tags, Reason.TOO_MANY_PIXELS);
  }

  @Test
  void shouldRefuseMoreTilesThanThereAre() {
    Map<Integer, long[]> tags = Tiffs.tags(9_000, 9_000, 8, 1, Tiffs.GREY);
    tags.put(TILE_WIDTH, new long[] {1});
    tags.put(TILE_HEIGHT, new long[] {1});
    tags.put(TILES, new long[100]);
    refuse(tags, Reason.BROKEN_PICTURE);
  }

  @Test
  void shouldRefuseStripsThatAreTheSameBytesAgainAndAgain() throws IOException {
    int rows = 10_000;
    byte[] strip = deflated(new byte[1000]);
    Map<Integer, long[]> tags = Tiffs.tags(16, rows, 8, 1, Tiffs.GREY);
    tags.put(Tiffs.COMPRESSION, new long[] {DEFLATE});
    tags.put(Tiffs.ROWS, new long[] {1});
    long[] offsets = new long[rows];
    Arrays.fill(offsets, 8);
    tags.put(Tiffs.STRIPS, offsets);
    long[] lengths = new long[rows];
    Arrays.fill(lengths, 1_000_000);
    tags.put(Tiffs.BYTES, lengths);
    refusals.assertRefused(Tiffs.file(tags, strip), null, Reason.BROKEN_PICTURE);
  }

  @Test
  void shouldRefuseAJpegInsideThatIsLargerThanItsPlace() {
    byte[] jpeg = HostilePictures.jpeg(2000, 2000, 3, true);
    Map<Integer, long[]> tags = Tiffs.tags(16, 16, 8, 3, Tiffs.RGB);
    tags.put(Tiffs.COMPRESSION, new long[] {JPEG});
    refusals.assertRefused(Tiffs.file(tags, jpeg), null, Reason.BROKEN_PICTURE);
  }

  @ParameterizedTest
  @CsvSource({"LZW", "Deflate", "PackBits", "JPEG", "CCITT T.4", "CCITT T.6"})
  void shouldDecodeOrRefuseATiffThatIsCutShort(String compression) {
    int type =
        compression.startsWith("CCITT")
            ? BufferedImage.TYPE_BYTE_BINARY
            : BufferedImage.TYPE_3BYTE_BGR;
    BufferedImage image = new BufferedImage(120, 90, type);
    image.createGraphics().drawImage(Drawn.noise(), 0, 0, null);
    byte[] tiff = Tiffs.encoded(image, compression);
    int directory = ByteBuffer.wrap(tiff).getInt(4);
    assertThat(directory).isBetween(8, tiff.length);
    for (int percent = 1; percent < 90; percent += 7) {
      refusals.assertRefused(
          Arrays.copyOf(tiff, tiff.length * percent / 100), null, Reason.BROKEN_PICTURE);
    }
  }

  private void refuse(Map<Integer, long[]> tags, Reason reason) {
    refusals.assertRefused(Tiffs.file(tags, new byte[100]), null, reason);
  }

  private static byte[] deflated(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      deflater.write(bytes);
    }
    return out.toByteArray();
  }
}
