package io.afina.picture;

import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.UnusableRecordException;

/**
 * The largest picture that is decoded.
 *
 * @param most pixels
 */
record PixelLimit(long most) {

  /**
   * Asked with what a header says, before the pixels get any memory.
   *
   * @throws UnusableRecordException when that is more
   */
  void require(int width, int height) throws UnusableRecordException {
    if ((long) width * height > most) {
      throw new UnusableRecordException(
          Stage.DECODE,
          DeadLetter.Reason.TOO_MANY_PIXELS,
          "the picture has %,d x %,d pixels and pictures.maxPixels is %,d"
              .formatted(width, height, most));
    }
  }
}
