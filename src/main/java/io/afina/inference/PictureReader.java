package io.afina.inference;

import static io.afina.event.DeadLetter.Reason.BROKEN_PICTURE;
import static io.afina.event.DeadLetter.Reason.TOO_MANY_PIXELS;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
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
 * @param maxPixels the most that is decoded
 */
record PictureReader(PictureFormat format, long maxPixels) {

  BufferedImage read(byte[] bytes) throws UnusablePictureException {
    ImageReader reader = ImageIO.getImageReadersByFormatName(name()).next();
    List<String> warnings = new ArrayList<>();
    try (ImageInputStream stream = new ByteArrayImageInputStream(PlainPicture.of(format, bytes))) {
      reader.setInput(stream, true, true);
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      requirePixels(reader.getWidth(0), reader.getHeight(0));
      BufferedImage image = reader.read(0);
      requireWhole(warnings);
      return image;
    } catch (EOFException e) {
      throw new UnusablePictureException(
          BROKEN_PICTURE, "the %s is cut short".formatted(format), e);
    } catch (IOException e) {
      throw new UnusablePictureException(
          BROKEN_PICTURE, "the %s cannot be decoded: %s".formatted(format, e), e);
    } finally {
      reader.dispose();
    }
  }

  private String name() {
    return format.name().toLowerCase(Locale.ROOT);
  }

  private void requirePixels(int width, int height) throws UnusablePictureException {
    if ((long) width * height > maxPixels) {
      throw new UnusablePictureException(
          TOO_MANY_PIXELS,
          "the picture has %,d x %,d pixels and pictures.maxPixels is %,d"
              .formatted(width, height, maxPixels));
    }
  }

  /** ImageIO's JPEG decoder fills up what is missing with grey, and only warns. */
  private static void requireWhole(List<String> warnings) throws UnusablePictureException {
    for (String warning : warnings) {
      if (warning.toLowerCase(Locale.ROOT).contains("premature end")) {
        throw new UnusablePictureException(BROKEN_PICTURE, "the JPEG is cut short: " + warning);
      }
    }
  }
}
