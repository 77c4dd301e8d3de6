package io.afina.picture;

import static io.afina.event.DeadLetter.Reason.BROKEN_PICTURE;

import io.afina.event.DeadLetter.Stage;
import io.afina.event.UnusableRecordException;
import io.afina.picture.format.GifScreen;
import io.afina.picture.tensor.ResizeRule;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the first frame of a picture with ImageIO, after a look at its header and with the memory
 * that it needs. Of a picture that is very large only every n-th pixel of every n-th row is read.
 *
 * @param format which decoder is used, whatever the bytes claim further in
 * @param limit the most that is decoded
 * @param memory shared by all threads
 * @param leastSide pixels that the shorter side has to keep
 */
record ImageIoDecoder(PictureFormat format, PixelLimit limit, DecoderMemory memory, int leastSide) {

  /** Twice what is needed, so that what lies between the pixels that are read still counts. */
  static int leastSide(ResizeRule rule) {
    return 2 * rule.size();
  }

  /**
   * Its pixels.
   *
   * @param plain the file without what {@link MetadataStripper} leaves out
   */
  PixelRows read(byte[] plain) throws UnusableRecordException {
    ImageReader reader = ImageIO.getImageReadersByFormatName(name()).next();
    List<String> warnings = new ArrayList<>();
    try (EndingImageInputStream stream = new EndingImageInputStream(plain)) {
      reader.setInput(stream, true, true);
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      int width = reader.getWidth(0);
      int height = reader.getHeight(0);
      limit.require(width, height);
      GifScreen screen = format == PictureFormat.GIF ? GifScreen.of(plain) : GifScreen.NONE;
      HeapNeed need = HeapNeed.of(format, plain, width, height);
      MemoryBudget.Share outside =
          memory.natively().take(HeapNeed.outside(format, plain, width, height), width, height);
      try {
        Frame frame = new Frame(reader, stream, need, warnings);
        return read(frame, screen);
      } finally {
        outside.close();
      }
    } catch (EOFException e) {
      throw new UnusableRecordException(
          Stage.DECODE, BROKEN_PICTURE, "the %s is cut short".formatted(format), e);
    } catch (IOException e) {
      throw new UnusableRecordException(
          Stage.DECODE, BROKEN_PICTURE, "the %s cannot be decoded: %s".formatted(format, e), e);
    } finally {
      reader.dispose();
    }
  }

  /** A frame that is about to be read. */
  private record Frame(
      ImageReader reader, EndingImageInputStream stream, HeapNeed need, List<String> warnings) {}

  /** Reads with the memory that it needs. */
  private PixelRows read(Frame frame, GifScreen screen)
      throws IOException, UnusableRecordException {
    HeapNeed need = frame.need;
    int step = need.step(memory.heap().wanted(), leastSide);
    long bytes = need.bytes(step);
    MemoryBudget.Share share = memory.heap().take(bytes, need.width(), need.height());
    try {
      frame.stream.allow(bytes, need.countedUntil());
      BufferedImage image = frame.reader.read(0, every(step, frame.reader, need));
      requireWhole(frame.warnings);
      PixelRows rows = PixelRows.of(image);
      return (isOnScreen(screen) ? PixelRows.onScreen(rows, image, screen, step) : rows)
          .holding(share);
    } catch (IOException | UnusableRecordException | RuntimeException | Error e) {
      share.close();
      throw e;
    }
  }

  /** A screen that is larger than any picture may be is nobody's: the frame alone is taken. */
  private boolean isOnScreen(GifScreen screen) {
    return screen.isLargerThanFrame() && (long) screen.width() * screen.height() <= limit.most();
  }

  /** The middle one of so many pixels, in both directions; null for all. */
  static @Nullable ImageReadParam every(int step, ImageReader reader, HeapNeed need) {
    if (step == 1) {
      return null;
    }
    ImageReadParam param = reader.getDefaultReadParam();
    param.setSourceRegion(new Rectangle(need.width(), need.height()));
    param.setSourceSubsampling(step, step, step / 2, step / 2);
    return param;
  }

  private String name() {
    return format.name().toLowerCase(Locale.ROOT);
  }

  /** ImageIO's JPEG decoder fills up what is missing with grey, and only warns. */
  private static void requireWhole(List<String> warnings) throws UnusableRecordException {
    for (String warning : warnings) {
      if (warning.toLowerCase(Locale.ROOT).contains("premature end")) {
        throw new UnusableRecordException(
            Stage.DECODE, BROKEN_PICTURE, "the JPEG is cut short: " + warning);
      }
    }
  }
}
