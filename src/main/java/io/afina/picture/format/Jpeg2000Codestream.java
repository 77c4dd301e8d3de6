package io.afina.picture.format;

import io.afina.event.UnusableRecordException;
import java.nio.ByteBuffer;

/**
 * The codestream of a JPEG 2000 picture (<a href="https://www.itu.int/rec/T-REC-T.800">T.800, A and
 * I</a>), and what its headers say that decoding it takes. The boxes of a JP2 file around it go no
 * further: its pixels are grey or RGB of 8 bits, with transparency or without, or they are refused.
 */
public final class Jpeg2000Codestream {

  private static final int START = 0xff4f;
  private static final int SIZE = 0xff51;
  private static final int STYLE = 0xff52;
  private static final int COMPONENT_STYLE = 0xff53;
  private static final int PART = 0xff90;
  private static final int DATA = 0xff93;
  private static final int END = 0xffd9;
  private static final int SIZES = 38;
  private static final int OF_COMPONENT = 3;
  private static final int EIGHT_BITS = 7;
  private static final int LARGEST_EXPONENT = 15;
  private static final int MOST_LEVELS = 32;

  /** What OpenJPEG has of a tile, besides its parts, and of each of its components. */
  private static final int TILE = 8_000;

  private static final int TILE_COMPONENT = 2_000;

  /** What it has of a block of coefficients, with its place in the trees of a precinct. */
  private static final int BLOCK = 1_000;

  private static final long LEAST_OF_LEVEL = 12;
  private static final int GREY_WITH_ALPHA = 2;
  private static final int MOST_COMPONENTS = 4;
  private static final long MOST_TILES = 65_535;
  private static final long MOST_PACKETS = 20_000_000;

  private final ByteBuffer file;
  private final int start;
  private int width;
  private int height;
  private long tiles;
  private long tileWidth;
  private long tileHeight;
  private int components;
  private int layers = 1;
  private int levels = MOST_LEVELS;
  private int mostLevels;
  private final Parts blocks = new Parts();
  private final Parts precincts = new Parts();

  private Jpeg2000Codestream(ByteBuffer file, int start) {
    this.file = file;
    this.start = start;
  }

  /**
   * Finds it and reads its headers, those of all tiles too.
   *
   * @throws UnusableRecordException when they are broken, or of a picture that is not read
   */
  public static Jpeg2000Codestream of(byte[] bytes) throws UnusableRecordException {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    int start =
        bytes.length >= 2 && (file.getShort(0) & 0xffff) == START
            ? 0
            : Jpeg2000Boxes.codestream(file);
    Jpeg2000Codestream codestream = new Jpeg2000Codestream(file, start);
    try {
      codestream.read();
      codestream.requirePackets();
    } catch (IndexOutOfBoundsException e) {
      throw Broken.because("the JPEG 2000 picture is cut short");
    }
    return codestream;
  }

  private void read() throws UnusableRecordException {
    size(start + 4);
    int at = start + 2;
    while (at + 2 <= file.limit()) {
      int marker = file.getShort(at) & 0xffff;
      int length = marker == END ? 0 : file.getShort(at + 2) & 0xffff;
      if (marker == END) {
        return;
      } else if (marker == PART) {
        at = partHeader(at);
        continue;
      }
      style(marker, at + 4);
      at += 2 + Math.max(2, length);
    }
  }

  /** Headers of a tile may say something else than that of the picture. */
  private int partHeader(int start) {
    long length = file.getInt(start + 6) & 0xffff_ffffL;
    int at = start + 12;
    int marker = file.getShort(at) & 0xffff;
    while (marker != DATA) {
      style(marker, at + 4);
      at += 2 + Math.max(2, file.getShort(at + 2) & 0xffff);
      marker = file.getShort(at) & 0xffff;
    }
    long end = length == 0 ? file.limit() : start + Math.max(length, 14);
    return (int) Math.min(Math.max(end, at + 2L), file.limit());
  }

  private void size(int at) throws UnusableRecordException {
    if ((file.getShort(start + 2) & 0xffff) != SIZE) {
      throw Broken.because("the JPEG 2000 picture does not begin with its size");
    }
    components = file.getShort(at + SIZES - 2) & 0xffff;
    long right = number(at + 4);
    long bottom = number(at + 8);
    long left = number(at + 12);
    long top = number(at + 16);
    tileWidth = number(at + 20);
    tileHeight = number(at + 24);
    if (right <= left || bottom <= top || tileWidth == 0 || tileHeight == 0) {
      throw Broken.because("the JPEG 2000 picture has no size");
    }
    width = (int) Math.min(Integer.MAX_VALUE, right - left);
    height = (int) Math.min(Integer.MAX_VALUE, bottom - top);
    tiles = ceil(right, tileWidth) * ceil(bottom, tileHeight);
    if (Math.max(right / tileWidth, bottom / tileHeight) > MOST_TILES || tiles > MOST_TILES) {
      throw Broken.because("the JPEG 2000 picture has more than %,d tiles".formatted(MOST_TILES));
    }
    tileWidth = Math.min(tileWidth, width);
    tileHeight = Math.min(tileHeight, height);
    requireComponents(at + SIZES);
  }

  private static long ceil(long length, long part) {
    return (length + part - 1) / part;
  }

  /** Each is looked for, also in a file that has none of them. */
  private void requirePackets() throws UnusableRecordException {
    if (tiles * packets() > MOST_PACKETS) {
      throw Broken.because(
          "the JPEG 2000 picture comes in more than %,d packets, which none needs"
              .formatted(MOST_PACKETS));
    }
  }

  /** Of a tile. */
  private long packets() {
    return precincts.of(tileWidth, tileHeight, mostLevels) * components * layers;
  }

  private void requireComponents(int at) throws UnusableRecordException {
    if (components < 1 || components > MOST_COMPONENTS || components == GREY_WITH_ALPHA) {
      throw Broken.because(
          "the JPEG 2000 picture has %d components, and Afina reads 1, 3 or 4 of it: convert it to JPEG or PNG"
              .formatted(components));
    }
    for (int i = 0; i < components * OF_COMPONENT; i += OF_COMPONENT) {
      if (file.get(at + i) != EIGHT_BITS
          || file.get(at + i + 1) != 1
          || file.get(at + i + 2) != 1) {
        throw Broken.because(
            "the JPEG 2000 picture does not have 8 bits for every colour of every pixel, which is all"
                + " that Afina reads of it: convert it to JPEG or PNG");
      }
    }
  }

  /** Takes the style of coding that asks for most, whichever component of whichever tile has it. */
  private void style(int marker, int at) {
    if (marker == STYLE) {
      layers = Math.max(layers, file.getShort(at + 2) & 0xffff);
      blocks(file.get(at), at + 5);
    } else if (marker == COMPONENT_STYLE) {
      blocks(file.get(at + 1), at + 2);
    }
  }

  private void blocks(int style, int at) {
    int decompositions = Math.min(MOST_LEVELS, file.get(at) & 0xff);
    levels = Math.min(levels, decompositions);
    mostLevels = Math.max(mostLevels, decompositions);
    blocks.atMost((file.get(at + 1) & 0xf) + 2, (file.get(at + 2) & 0xf) + 2);
    for (int level = 0; (style & 1) != 0 && level <= decompositions; level++) {
      int across = file.get(at + 5 + level) & 0xf;
      int down = file.get(at + 5 + level) >> 4 & 0xf;
      precincts.atMost(across, down);
      // Of a precinct, a band has the half in both directions, but for the lowest level.
      int half = level == 0 ? 0 : 1;
      blocks.atMost(Math.max(0, across - half), Math.max(0, down - half));
    }
  }

  /** Into what the coefficients of a tile are parted: the smallest there are, as powers of two. */
  private static final class Parts {

    private int across = LARGEST_EXPONENT;
    private int down = LARGEST_EXPONENT;

    void atMost(int across, int down) {
      this.across = Math.min(this.across, across);
      this.down = Math.min(this.down, down);
    }

    /** Those of a tile: its levels together have fewer than twice as many as it would have. */
    long of(long width, long height, int levels) {
      return 2 * ((width >> across) + 2) * ((height >> down) + 2) + LEAST_OF_LEVEL * (levels + 1L);
    }
  }

  private long number(int at) {
    return file.getInt(at) & 0xffff_ffffL;
  }

  /** Pixels. */
  public int width() {
    return width;
  }

  /** Pixels. */
  public int height() {
    return height;
  }

  /** 1, 3 or 4, the last of them transparency. */
  public int components() {
    return components;
  }

  /** By how much its size can be halved while it is decoded. */
  public int levels() {
    return levels;
  }

  /**
   * The most bytes that OpenJPEG takes: the file twice; numbers of four bytes as they are in a tile
   * and as they are in the picture, and pixels of the same size, twice where they are grey; and
   * what it has of tiles, blocks, and the packets in which they come.
   *
   * @param reduction a power of two
   */
  public long need(int reduction) {
    long read = (width / reduction + 1L) * (height / reduction + 1L);
    long pixels = 2L * Integer.BYTES * (components + 1) * read;
    long ofTile =
        TILE
            + (long) components * TILE_COMPONENT
            + (long) BLOCK * components * blocks.of(tileWidth, tileHeight, mostLevels);
    return 2L * file.limit() + pixels + tiles * ofTile + 2L * Short.BYTES * packets();
  }

  /** As it is in the file, to its end. */
  public byte[] bytes() {
    byte[] bytes = new byte[file.limit() - start];
    file.get(start, bytes);
    return bytes;
  }
}
