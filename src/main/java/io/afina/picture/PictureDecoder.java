package io.afina.picture;

import static io.afina.event.DeadLetter.Reason.BROKEN_PICTURE;
import static io.afina.event.DeadLetter.Reason.EMPTY;
import static io.afina.event.DeadLetter.Reason.NOT_A_PICTURE;
import static io.afina.event.DeadLetter.Reason.TOO_MANY_BYTES;
import static io.afina.event.DeadLetter.Reason.TOO_MANY_FRAMES;
import static io.afina.event.DeadLetter.Reason.WRONG_CONTENT_TYPE;

import io.afina.config.PicturesConfig;
import java.nio.FloatBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of a picture into the tensor that a backbone takes. What cannot be used is
 * refused with a reason, as early as it shows: its size and its claims are looked at before its
 * pixels get any memory. Decoders may be shared by threads; each thread keeps memory of its own in
 * them.
 */
public final class PictureDecoder {

  private final PicturesConfig limits;
  private final ThreadLocal<Workplace> workplaces;

  /** Decodes JPEG with the native decoder where the platform has one. */
  public PictureDecoder(PicturesConfig limits, PictureInput input) {
    this(limits, input, NativeJpegDecoder.isThere());
  }

  private PictureDecoder(PicturesConfig limits, PictureInput input, boolean nativeJpeg) {
    this.limits = limits;
    this.workplaces =
        ThreadLocal.withInitial(
            () -> Workplace.of(new PixelLimit(limits.maxPixels()), input, nativeJpeg));
  }

  /** One that has ImageIO decode everything, as on a platform without the native decoder. */
  static PictureDecoder portable(PicturesConfig limits, PictureInput input) {
    return new PictureDecoder(limits, input, false);
  }

  /** What a thread decodes with. */
  private record Workplace(
      PixelLimit limit,
      Optional<NativeJpegDecoder> jpeg,
      Resampler resampler,
      PictureTensor tensor) {

    static Workplace of(PixelLimit limit, PictureInput input, boolean nativeJpeg) {
      Optional<NativeJpegDecoder> jpeg =
          nativeJpeg
              ? Optional.of(
                  new NativeJpegDecoder(limit, NativeJpegDecoder.leastSide(input.resize())))
              : Optional.empty();
      return new Workplace(limit, jpeg, new Resampler(input), new PictureTensor(input));
    }

    PixelRows rows(JpegSegments segments) throws UnusablePictureException {
      Optional<PixelRows> rows = jpeg.isPresent() ? jpeg.get().decode(segments) : Optional.empty();
      return rows.isPresent() ? rows.get() : rows(PictureFormat.JPEG, segments.plain());
    }

    PixelRows rows(PictureFormat format, byte[] plain) throws UnusablePictureException {
      return new ImageIoDecoder(format, limit).read(plain);
    }
  }

  /**
   * Prepares a picture: upright by its EXIF orientation, transparent parts on white, the first
   * frame of an animation.
   *
   * @param bytes a JPEG, PNG, GIF, BMP or WebP file
   * @param contentType what the producer says that it is, or null if it does not
   * @param tensor takes it as the network wants it; what it holds after a refusal is undefined
   * @throws UnusablePictureException with the reason, when it is none, too large or broken
   */
  public void decode(byte[] bytes, @Nullable String contentType, PictureTensor tensor)
      throws UnusablePictureException {
    requireSize(bytes);
    PictureFormat format = format(bytes, contentType);
    requireFrames(FrameCounter.count(format, bytes));
    try {
      prepare(format, bytes, workplaces.get(), tensor.numbers());
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new UnusablePictureException(
          BROKEN_PICTURE, "the %s cannot be decoded: %s".formatted(format, e), e);
    }
  }

  /**
   * The same as an array.
   *
   * @return {@code float32[3,side,side]}, row after row
   */
  public float[] decode(byte[] bytes, @Nullable String contentType)
      throws UnusablePictureException {
    PictureTensor tensor = workplaces.get().tensor();
    decode(bytes, contentType, tensor);
    return tensor.toArray();
  }

  private static void prepare(
      PictureFormat format, byte[] bytes, Workplace workplace, FloatBuffer tensor)
      throws UnusablePictureException {
    if (format == PictureFormat.JPEG) {
      JpegSegments jpeg = JpegSegments.of(bytes);
      Orientation orientation =
          jpeg.hasMetadata() ? OrientationReader.read(format, bytes) : Orientation.UPRIGHT;
      try (PixelRows rows = workplace.rows(jpeg)) {
        workplace.resampler().resample(rows, orientation, tensor);
      }
    } else {
      Orientation orientation = OrientationReader.read(format, bytes);
      try (PixelRows rows = workplace.rows(format, MetadataStripper.of(format, bytes))) {
        workplace.resampler().resample(rows, orientation, tensor);
      }
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
}
