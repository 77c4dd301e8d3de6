package io.afina.picture.format;

import io.afina.event.UnusableRecordException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The first directory of a TIFF file (<a
 * href="https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf">TIFF 6.0, section 2</a>), as
 * far as pixels are made of it: where they are and how they are coded. Whatever else a file may
 * have, other directories, profiles and thumbnails, is not looked at, and not shown to the decoder.
 */
public final class TiffDirectory {

  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int COMPRESSION = 259;
  private static final int PHOTOMETRIC = 262;
  private static final int STRIPS = 273;
  private static final int ORIENTATION = 274;
  private static final int SAMPLES = 277;
  private static final int ROWS_PER_STRIP = 278;
  private static final int STRIP_BYTES = 279;
  private static final int PLANES = 284;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILES = 324;
  private static final int TILE_BYTES = 325;
  private static final int JPEG_TABLES = 347;
  private static final int XMP = 700;

  /** Of the tags above, and of how samples, colours, predictors and fax codes are to be taken. */
  private static final Set<Integer> NEEDED =
      Set.of(
          WIDTH,
          HEIGHT,
          BITS,
          COMPRESSION,
          PHOTOMETRIC,
          266,
          STRIPS,
          SAMPLES,
          ROWS_PER_STRIP,
          STRIP_BYTES,
          PLANES,
          292,
          293,
          317,
          320,
          TILE_WIDTH,
          TILE_HEIGHT,
          TILES,
          TILE_BYTES,
          332,
          338,
          339,
          JPEG_TABLES,
          529,
          530,
          531,
          532);

  private static final Set<Integer> READ =
      Stream.concat(NEEDED.stream(), Stream.of(ORIENTATION, XMP)).collect(Collectors.toSet());

  private static final int CODED_AS_JPEG = 7;
  private static final int OLD_JPEG = 6;
  private static final int PLANAR = 2;
  private static final int GREY = 1;
  private static final int YCBCR = 6;
  private static final int MOST_SAMPLES = 8;
  private static final int MOST_BITS = 16;

  /** Files are met whose strips share some bytes, such as an empty row. */
  private static final int MOST_OVERLAP = 4;

  private final byte[] bytes;
  private final ByteBuffer tiff;
  private final TiffEntries entries;

  private TiffDirectory(byte[] bytes, ByteBuffer tiff, TiffEntries entries) {
    this.bytes = bytes;
    this.tiff = tiff;
    this.entries = entries;
  }

  /**
   * Reads it.
   *
   * @throws UnusableRecordException when the file is cut short or its directory is none
   */
  public static TiffDirectory of(byte[] bytes) throws UnusableRecordException {
    boolean little = bytes.length > 0 && bytes[0] == 'I';
    ByteBuffer tiff =
        ByteBuffer.wrap(bytes).order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    return new TiffDirectory(bytes, tiff, TiffEntries.of(tiff, READ));
  }

  /**
   * The file with a directory of these entries alone, behind its end.
   *
   * @throws UnusableRecordException when it is not a picture of 1 to 16 bits a sample, or says of
   *     itself what makes its decoder work for ever
   */
  public byte[] plain() throws UnusableRecordException {
    requireSupported();
    requireStrips();
    Set<Integer> kept = new TreeSet<>(NEEDED);
    if (samples() == 1) {
      // A decoder normalises planes again for every tile, and one plane is no different.
      kept.remove(PLANES);
    }
    byte[] directory = entries.directory(kept);
    int start = tiff.limit() + (tiff.limit() & 1);
    ByteBuffer plain = ByteBuffer.allocate(start + directory.length).order(tiff.order());
    return plain.put(bytes).putInt(4, start).position(start).put(directory).array();
  }

  private void requireSupported() throws UnusableRecordException {
    if (number(COMPRESSION, 1) == OLD_JPEG) {
      throw Broken.because(
          "the TIFF is coded as JPEG in the way of 1992 (compression 6), which is read by few:"
              + " convert it to JPEG or PNG");
    }
    if (bits() < 1 || bits() > MOST_BITS) {
      throw Broken.because(
          "the TIFF has %d bits a sample and Afina reads 1 to %d: convert it to 8 bits"
              .formatted(bits(), MOST_BITS));
    }
    if (samples() < 1 || samples() > MOST_SAMPLES) {
      throw Broken.because(
          "the TIFF has %d samples a pixel, which is not 1 to %d"
              .formatted(samples(), MOST_SAMPLES));
    }
    int photometric = number(PHOTOMETRIC, GREY);
    if (number(PLANES, 1) == PLANAR
        && samples() > 1
        && (photometric == 0 || photometric >= YCBCR)) {
      throw Broken.because(
          "the TIFF has its colours in planes and is neither grey, RGB nor CMYK: convert it");
    }
  }

  /** Each as it would be read: as many as there are, not more bytes than there are. */
  private void requireStrips() throws UnusableRecordException {
    int width = width();
    int height = height();
    if (width < 1 || height < 1 || tileWidth() < 1 || tileHeight() < 1) {
      throw Broken.because("the TIFF has no size");
    }
    int planes = number(PLANES, 1) == PLANAR ? samples() : 1;
    long wanted = planes * ceil(width, tileWidth()) * ceil(height, Math.min(height, tileHeight()));
    int there = entries.count(offsets());
    if (there < wanted || wanted > TiffEntries.MOST_NUMBERS) {
      throw Broken.because(
          "the TIFF has %,d strips or tiles and its size wants %,d, of at most %,d"
              .formatted(there, wanted, TiffEntries.MOST_NUMBERS));
    }
    long sum = 0;
    for (int i = 0; i < wanted; i++) {
      sum += stripLength(i);
      if (entries.number(offsets(), i) + stripBytes(i) > tiff.limit()) {
        throw Broken.because("the TIFF is cut short");
      }
    }
    if (number(COMPRESSION, 1) != 1 && sum > (long) MOST_OVERLAP * tiff.limit()) {
      throw Broken.because("the strips of the TIFF overlap, or do not say how long they are");
    }
  }

  /** How many parts; not many more than there can be. */
  private static long ceil(int length, int part) {
    return Math.min(TiffEntries.MOST_NUMBERS + 1L, (length + part - 1L) / part);
  }

  /** What is coded as JPEG, strip by strip; empty where nothing is. */
  public int jpegs() {
    return number(COMPRESSION, 1) == CODED_AS_JPEG ? entries.count(offsets()) : 0;
  }

  /** One of these, as it is in the file. */
  public byte[] jpeg(int strip) {
    int from = (int) Math.min(tiff.limit(), entries.number(offsets(), strip));
    byte[] jpeg = new byte[(int) stripLength(strip)];
    System.arraycopy(bytes, from, jpeg, 0, jpeg.length);
    return jpeg;
  }

  /** Bytes of it that are in the file; one that says none is as long as it can be. */
  private long stripLength(int strip) {
    long length = stripBytes(strip);
    long rest = Math.max(0, tiff.limit() - entries.number(offsets(), strip));
    return length == 0 ? rest : Math.min(rest, length);
  }

  /** Bytes that it says to have; 0 where it does not. */
  private long stripBytes(int strip) {
    return entries.number(entries.has(TILES) ? TILE_BYTES : STRIP_BYTES, strip);
  }

  private int offsets() {
    return entries.has(TILES) ? TILES : STRIPS;
  }

  /** Pixels. */
  public int width() {
    return number(WIDTH, 0);
  }

  /** Pixels. */
  public int height() {
    return number(HEIGHT, 0);
  }

  /** Pixels of a tile's row, or of the whole row where it has strips. */
  public int tileWidth() {
    return number(TILE_WIDTH, width());
  }

  /** Rows of a tile or strip. */
  public int tileHeight() {
    int rows = number(entries.has(TILE_HEIGHT) ? TILE_HEIGHT : ROWS_PER_STRIP, height());
    return rows < 0 ? height() : rows;
  }

  /** How many numbers all its entries have. */
  public long numbers() {
    return entries.numbers();
  }

  /** Of a pixel. */
  public int samples() {
    return number(SAMPLES, 1);
  }

  /** Of a sample. */
  public int bits() {
    return number(BITS, 1);
  }

  /** As EXIF has it; that of its XMP packet where the directory has none. */
  public OptionalInt orientation() {
    return entries.has(ORIENTATION)
        ? OptionalInt.of(number(ORIENTATION, 1))
        : XmpOrientation.of(Optional.of(entries.text(XMP)));
  }

  /** The first number of a tag. */
  private int number(int tag, int otherwise) {
    return entries.count(tag) < 1 ? otherwise : (int) entries.number(tag, 0);
  }
}
