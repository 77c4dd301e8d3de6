package io.afina.inference;

import static io.afina.event.DeadLetter.Reason.BROKEN_PICTURE;
import static io.afina.event.DeadLetter.Reason.EMPTY;
import static io.afina.event.DeadLetter.Reason.NOT_A_PICTURE;
import static io.afina.event.DeadLetter.Reason.TOO_MANY_BYTES;
import static io.afina.event.DeadLetter.Reason.TOO_MANY_FRAMES;
import static io.afina.event.DeadLetter.Reason.WRONG_CONTENT_TYPE;

import io.afina.config.AfinaConfig;
import java.awt.image.BufferedImage;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of a picture into the tensor that a backbone takes. What cannot be used is
 * refused with a reason, as early as it shows: its size and its claims are looked at before its
 * pixels get any memory. Decoders may be shared by threads.
 */
public final class PictureDecoder {

  private final AfinaConfig.Pictures limits;
  private final BackboneCard.Input input;
  private final Resampler resampler;

  public PictureDecoder(AfinaConfig.Pictures limits, BackboneCard card) {
    this.limits = limits;
    this.input = card.input();
    this.resampler = new Resampler(input.resize());
  }

  /**
   * The tensor of a picture: upright by its EXIF orientation, transparent parts on white, the first
   * frame of an animation.
   *
   * @param bytes a JPEG, PNG, GIF, BMP or WebP file
   * @param contentType what the producer says that it is, or null if it does not
   * @return {@code float32[3,side,side]}, row after row, as the card wants it
   * @throws UnusablePictureException with the reason, when it is none, too large or broken
   */
  public float[] decode(byte[] bytes, @Nullable String contentType)
      throws UnusablePictureException {
    requireSize(bytes);
    PictureFormat format = format(bytes, contentType);
    requireFrames(Frames.count(format, bytes));
    try {
      BufferedImage image = new PictureReader(format, limits.maxPixels()).read(bytes);
      Orientation orientation = OrientationReader.read(format, bytes);
      return normalised(resampler.resample(Rows.of(image), orientation), orientation);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new UnusablePictureException(
          BROKEN_PICTURE, "the %s cannot be decoded: %s".formatted(format, e), e);
    }
  }

  private void requireSize(byte[] bytes) throws UnusablePictureException {
    if (bytes.length == 0) {
      throw new UnusablePictureException(EMPTY, "the record has no bytes");
    }
    if (bytes.length > limits.maxBytes()) {
      throw new UnusablePictureException(
          TOO_MANY_BYTES,
          "the picture has %,d bytes and pictures.maxBytes is %,d"
              .formatted(bytes.length, limits.maxBytes()));
    }
  }

  private void requireFrames(long frames) throws UnusablePictureException {
    if (frames > limits.maxFrames()) {
      throw new UnusablePictureException(
          TOO_MANY_FRAMES,
          "the picture has %,d frames and pictures.maxFrames is %,d"
              .formatted(frames, limits.maxFrames()));
    }
  }

  private static PictureFormat format(byte[] bytes, @Nullable String contentType)
      throws UnusablePictureException {
    PictureFormat format =
        PictureFormat.of(bytes)
            .orElseThrow(
                () ->
                    new UnusablePictureException(
                        NOT_A_PICTURE, "the bytes are no JPEG, PNG, GIF, BMP or WebP"));
    if (contentType != null && !format.isMeantBy(contentType)) {
      throw new UnusablePictureException(
          WRONG_CONTENT_TYPE,
          "the header content-type says '%s' and the bytes are %s".formatted(contentType, format));
    }
    return format;
  }

  private float[] normalised(float[] square, Orientation orientation) {
    int side = input.side();
    float[] tensor = new float[input.numbers()];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        int from = 3 * source(x, y, orientation);
        for (int c = 0; c < 3; c++) {
          tensor[(c * side + y) * side + x] =
              (square[from + c] / 255 - input.mean()[c]) / input.std()[c];
        }
      }
    }
    return tensor;
  }

  /** The pixel of the square as it lies in the file that comes to stand at x, y. */
  private int source(int x, int y, Orientation orientation) {
    int column = orientation.transpose() ? y : x;
    int row = orientation.transpose() ? x : y;
    int last = input.side() - 1;
    return (orientation.mirrorY() ? last - row : row) * input.side()
        + (orientation.mirrorX() ? last - column : column);
  }
}
