package io.afina.picture;

import static io.afina.event.DeadLetter.Reason.BROKEN_PICTURE;

import io.afina.event.DeadLetter.Stage;
import io.afina.event.UnusableRecordException;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes the first frame of a picture with ImageIO, after a look at its header.
 *
 * @param format which decoder is used, whatever the bytes claim further in
 * @param limit the most that is decoded
 */
record ImageIoDecoder(PictureFormat format, PixelLimit limit) {

  /**
   * Its pixels.
   *
   * @param plain the file without what {@link MetadataStripper} leaves out
   */
  PixelRows read(byte[] plain) throws UnusableRecordException {
    ImageReader reader = ImageIO.getImageReadersByFormatName(name()).next();
    List<String> warnings = new ArrayList<>();
    try (ImageInputStream stream = new EndingImageInputStream(plain)) {
      reader.setInput(stream, true, true);
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      limit.require(reader.getWidth(0), reader.getHeight(0));
      PixelRows rows = PixelRows.of(reader.read(0));
      requireWhole(warnings);
      return rows;
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
