package io.afina.picture;

import io.afina.event.DeadLetter;

/**
 * How large a picture may be.
 *
 * @param most pixels
 */
record PixelLimit(long most) {

  /**
   * Asked with what a header says, before the pixels get any memory.
   *
   * @throws UnusablePictureException when that is more
   */
  void require(int width, int height) throws UnusablePictureException {
    if ((long) width * height > most) {
      throw new UnusablePictureException(
          DeadLetter.Reason.TOO_MANY_PIXELS,
          "the picture has %,d x %,d pixels and pictures.maxPixels is %,d"
              .formatted(width, height, most));
    }
  }
}
