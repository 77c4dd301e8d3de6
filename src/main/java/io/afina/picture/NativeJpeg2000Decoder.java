package io.afina.picture;

import static io.afina.event.DeadLetter.Reason.BROKEN_PICTURE;

import io.afina.event.DeadLetter.Stage;
import io.afina.event.UnusableRecordException;
import io.afina.picture.format.Jpeg2000Codestream;
import java.nio.ByteBuffer;
import org.bytedeco.leptonica.BOX;
import org.bytedeco.leptonica.PIX;
import org.bytedeco.leptonica.global.leptonica;

/**
 * Decodes JPEG 2000 with OpenJPEG, as Leptonica wraps it, at a half, a quarter, … of its size where
 * that is enough. A reduced picture has the pixels of even rows and columns, and so lies a little
 * beside the whole one.
 *
 * @param memory outside the heap, shared by all threads
 * @param shorterSide pixels that the shorter side has to keep, if it has as many
 */
record NativeJpeg2000Decoder(PixelLimit limit, MemoryBudget memory, int shorterSide) {

  /** Leptonica takes none that is shorter, in bytes. */
  private static final int SHORTEST = 120;

  private static final int MOST_LEVELS = 4;
  private static final int RGB_AND_ALPHA = 4;

  /**
   * Its pixels.
   *
   * @throws UnusableRecordException when it has too many, or OpenJPEG does not take it
   */
  PixelRows decode(Jpeg2000Codestream codestream) throws UnusableRecordException {
    limit.require(codestream.width(), codestream.height());
    int reduction = reduction(codestream);
    MemoryBudget.Share share =
        memory.take(codestream.need(reduction), codestream.width(), codestream.height());
    try {
      return decode(codestream, reduction).holding(share);
    } catch (UnusableRecordException | RuntimeException | Error e) {
      share.close();
      throw e;
    }
  }

  private static PixelRows decode(Jpeg2000Codestream codestream, int reduction)
      throws UnusableRecordException {
    byte[] bytes = codestream.bytes();
    ByteBuffer file = ByteBuffer.allocateDirect(Math.max(SHORTEST, bytes.length)).put(bytes);
    PIX pix = leptonica.pixReadMemJp2k(file.flip(), bytes.length, reduction, (BOX) null, 0, 0);
    if (pix == null) {
      throw new UnusableRecordException(
          Stage.DECODE, BROKEN_PICTURE, "the JPEG 2000 picture is broken or cut short");
    }
    NativeJpegDecoder.Pixels pixels = NativeJpegDecoder.Pixels.of(pix);
    return codestream.components() == RGB_AND_ALPHA ? new Transparent(pixels) : pixels;
  }

  private int reduction(Jpeg2000Codestream codestream) {
    int shorter = Math.min(codestream.width(), codestream.height());
    int reduction = 1 << Math.min(MOST_LEVELS, codestream.levels());
    while (reduction > 1 && shorter / reduction < shorterSide) {
      reduction /= 2;
    }
    return reduction;
  }

  /** Pixels whose lowest byte says how opaque they are. */
  private record Transparent(PixelRows rows) implements PixelRows {

    @Override
    public int width() {
      return rows.width();
    }

    @Override
    public int height() {
      return rows.height();
    }

    @Override
    public void copy(int row, int from, int count, int[] into) {
      rows.copy(row, from, count, into);
      for (int x = 0; x < count; x++) {
        into[x] = PixelRows.onWhite(Integer.rotateRight(into[x], Byte.SIZE));
      }
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
