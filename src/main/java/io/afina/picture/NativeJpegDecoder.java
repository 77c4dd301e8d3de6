package io.afina.picture;

import io.afina.event.UnusableRecordException;
import io.afina.picture.tensor.ResizeRule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.leptonica.PIX;
import org.bytedeco.leptonica.global.leptonica;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes JPEG with libjpeg-turbo, as Leptonica wraps it: at a half, a quarter or an eighth of its
 * size where that is enough, and with word of every doubt that the decoder had. What it does not
 * take, or takes with a doubt, is left to ImageIO to judge. It belongs to one thread.
 */
final class NativeJpegDecoder {

  private static final Logger LOG = LoggerFactory.getLogger(NativeJpegDecoder.class);

  private static final byte[] END = {(byte) 0xff, (byte) 0xd9};
  private static final int RGB = 3;
  private static final int DEPTH_OF_RGB = 32;
  private static final int MOST_REDUCED = 8;

  /** What the library takes besides pixels and coefficients: some rows, and tables. */
  private static final int ROWS = 64;

  private static final int TABLES = 200_000;

  /** Pixels of 4 bytes, which grey ones become in a copy. */
  private static final int BYTES_OF_PIXEL = 5;

  private final PixelLimit limit;
  private final MemoryBudget memory;
  private final int shorterSide;
  private final IntBuffer width = number();
  private final IntBuffer height = number();
  private final IntBuffer colours = number();
  private final IntBuffer doubts = number();
  private ByteBuffer file = ByteBuffer.allocateDirect(0);

  /**
   * What the shorter side has to keep so that a network sees the same: half as much again as its
   * card asks for. Of 517 photographs the embedding's cosine to that of the whole picture was then
   * 0.9986 at least; with a quarter more it was 0.991, and with nothing to spare 0.966.
   */
  static int leastSide(ResizeRule rule) {
    return rule.size() * 3 / 2;
  }

  /**
   * Needs {@link #isThere()}.
   *
   * @param memory outside the heap, shared by all threads
   * @param shorterSide pixels that the shorter side has to keep, if it has as many
   */
  NativeJpegDecoder(PixelLimit limit, MemoryBudget memory, int shorterSide) {
    this.limit = limit;
    this.memory = memory;
    this.shorterSide = shorterSide;
  }

  /** Whether this platform has the library; loads it. */
  static boolean isThere() {
    try {
      leptonica.setMsgSeverity(leptonica.L_SEVERITY_NONE);
      LOG.atDebug()
          .addKeyValue("silent", LibcStderr.isSilent())
          .log("JPEG is decoded by libjpeg-turbo");
      return true;
    } catch (LinkageError e) {
      LOG.atWarn()
          .addKeyValue("why", e.toString())
          .log("no native JPEG decoder, pictures are decoded by ImageIO");
      return false;
    }
  }

  /**
   * The pixels of a JPEG, whole or reduced; empty if ImageIO has to look at it.
   *
   * @throws UnusableRecordException when it has too many
   */
  Optional<PixelRows> decode(JpegSegments jpeg) throws UnusableRecordException {
    if (!jpeg.isUsual()) {
      return Optional.empty();
    }
    fill(jpeg);
    int unreadable =
        leptonica.readHeaderMemJpeg(
            file, file.limit(), width, height, colours, (IntBuffer) null, null);
    if (unreadable != 0 || colours.get(0) > RGB) {
      return Optional.empty();
    }
    limit.require(width.get(0), height.get(0));
    int reduction = reduction();
    MemoryBudget.Share share =
        memory.take(
            need(jpeg, width.get(0), height.get(0), reduction), width.get(0), height.get(0));
    Optional<PixelRows> rows = Optional.empty();
    try {
      rows =
          Optional.ofNullable(leptonica.pixReadMemJpeg(file, file.limit(), 0, reduction, doubts, 0))
              .flatMap(this::rows)
              .map(pixels -> pixels.holding(share));
      return rows;
    } finally {
      if (rows.isEmpty()) {
        share.close();
      }
    }
  }

  /** The most bytes that the library takes. */
  static long need(JpegSegments jpeg, int width, int height, int reduction) {
    return TABLES
        + (long) ROWS * width
        + BYTES_OF_PIXEL * (width / reduction + 1L) * (height / reduction + 1L)
        + jpeg.coefficients(width, height);
  }

  /** Memory into which the library writes a number. */
  private static IntBuffer number() {
    return ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder()).asIntBuffer();
  }

  /** Adds an end marker, which some cameras forget: missing data are a doubt, its lack is not. */
  private void fill(JpegSegments jpeg) {
    int length = jpeg.length() + END.length;
    if (file.capacity() < length) {
      file = ByteBuffer.allocateDirect(Math.max(length, 2 * file.capacity()));
    }
    file.clear();
    jpeg.copyTo(file);
    file.put(END).flip();
  }

  private int reduction() {
    int reduction = MOST_REDUCED;
    while (reduction > 1 && Math.min(width.get(0), height.get(0)) / reduction < shorterSide) {
      reduction /= 2;
    }
    return reduction;
  }

  private Optional<PixelRows> rows(PIX pix) {
    if (doubts.get(0) > 0) {
      leptonica.pixDestroy(pix);
      return Optional.empty();
    }
    return Optional.of(Pixels.of(pix));
  }

  /**
   * Pixels in native memory: red, green, blue and nothing, from the highest byte to the lowest.
   *
   * @param pix owned
   */
  record Pixels(PIX pix, int width, int height, int stride, IntBuffer words) implements PixelRows {

    /** Grey ones become colours. */
    static Pixels of(PIX decoded) {
      PIX pix = decoded;
      if (leptonica.pixGetDepth(decoded) != DEPTH_OF_RGB) {
        pix = leptonica.pixConvertTo32(decoded);
        leptonica.pixDestroy(decoded);
      }
      int height = leptonica.pixGetHeight(pix);
      int stride = leptonica.pixGetWpl(pix);
      IntBuffer words = leptonica.pixGetData(pix).capacity((long) stride * height).asBuffer();
      return new Pixels(pix, leptonica.pixGetWidth(pix), height, stride, words);
    }

    @Override
    public void copy(int row, int from, int count, int[] into) {
      words.get(row * stride + from, into, 0, count);
    }

    @Override
    public void close() {
      leptonica.pixDestroy(pix);
    }
  }

  /**
   * Keeps libjpeg from writing to the error stream, where a line that is no line of the log breaks
   * whoever reads it as JSON. Leptonica leaves libjpeg's {@code output_message} as it is, and no
   * setting reaches it: {@code fprintf(stderr, ...)}. So what C libraries take for {@code stderr}
   * is another file. That variable may be set (glibc manual, section 12.2, "Standard Streams"); the
   * stream of Java, of the JVM and of C++ is the descriptor, and stays.
   */
  private static final class LibcStderr {

    /** For a fuzzer, which says how far it is in the same way. */
    private static final String LOUD = "afina.libraries.loud";

    private static final boolean SILENT = silence();

    private LibcStderr() {}

    /** Whether it does: once for the process, and not where the C library has no such variable. */
    static boolean isSilent() {
      return SILENT;
    }

    private static boolean silence() {
      if (Boolean.getBoolean(LOUD)) {
        return false;
      }
      Pointer variable = Loader.addressof("stderr");
      Pointer nowhere = leptonica.fopenWriteStream("/dev/null", "w");
      boolean can = variable != null && nowhere != null;
      if (can) {
        new PointerPointer<>(variable).put(0L, nowhere);
      }
      return can;
    }
  }
}
