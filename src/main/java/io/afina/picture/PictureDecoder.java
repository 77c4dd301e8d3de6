package io.afina.picture;

import static io.afina.event.DeadLetter.Reason.BROKEN_PICTURE;
import static io.afina.event.DeadLetter.Reason.EMPTY;
import static io.afina.event.DeadLetter.Reason.NOT_A_PICTURE;
import static io.afina.event.DeadLetter.Reason.TOO_MANY_BYTES;
import static io.afina.event.DeadLetter.Reason.TOO_MANY_FRAMES;
import static io.afina.event.DeadLetter.Reason.WRONG_CONTENT_TYPE;

import io.afina.config.PicturesConfig;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.UnusableRecordException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the bytes of a picture to the tensor that a backbone takes. What cannot be used is
 * refused with a reason as early as possible: its size and its header are checked, and the memory
 * that decoding it takes is counted, before any is reserved for its pixels. The threads of a
 * process share a decoder, and with it a budget of memory; it holds a little for each of them.
 */
public final class PictureDecoder {

  private final PicturesConfig limits;
  private final ThreadLocal<Workspace> workspaces;

  /** Decodes JPEG with the native decoder where the platform has one. */
  public PictureDecoder(PicturesConfig limits, PictureInput input) {
    this(limits, input, NativeJpegDecoder.isThere());
  }

  PictureDecoder(PicturesConfig limits, PictureInput input, boolean nativeJpeg) {
    this(limits, input, nativeJpeg, DecoderMemory.of(limits));
  }

  PictureDecoder(
      PicturesConfig limits, PictureInput input, boolean nativeJpeg, DecoderMemory memory) {
    this.limits = limits;
    this.workspaces =
        ThreadLocal.withInitial(
            () -> Workspace.of(new PixelLimit(limits.maxPixels()), memory, input, nativeJpeg));
  }

  /** The decoders and the memory of one thread. */
  private record Workspace(
      PixelLimit limit,
      DecoderMemory memory,
      Optional<NativeJpegDecoder> jpeg,
      int leastSide,
      Resampler resampler,
      PictureTensor tensor) {

    static Workspace of(
        PixelLimit limit, DecoderMemory memory, PictureInput input, boolean nativeJpeg) {
      Optional<NativeJpegDecoder> jpeg =
          nativeJpeg
              ? Optional.of(
                  new NativeJpegDecoder(
                      limit, memory.natively(), NativeJpegDecoder.leastSide(input.resize())))
              : Optional.empty();
      return new Workspace(
          limit,
          memory,
          jpeg,
          ImageIoDecoder.leastSide(input.resize()),
          new Resampler(input),
          new PictureTensor(input));
    }

    void prepare(PictureFormat format, byte[] bytes) throws UnusableRecordException {
      JpegSegments segments = format == PictureFormat.JPEG ? JpegSegments.of(bytes) : null;
      Orientation orientation =
          segments == null || segments.hasMetadata()
              ? OrientationReader.read(format, bytes)
              : Orientation.UPRIGHT;
      try (PixelRows rows =
          segments == null ? rows(format, MetadataStripper.strip(format, bytes)) : rows(segments)) {
        resampler.resample(rows, orientation, tensor.numbers());
      }
    }

    private PixelRows rows(JpegSegments segments) throws UnusableRecordException {
      Optional<PixelRows> rows = jpeg.isPresent() ? jpeg.get().decode(segments) : Optional.empty();
      return rows.isPresent() ? rows.get() : rows(PictureFormat.JPEG, segments.plain());
    }

    private PixelRows rows(PictureFormat format, byte[] plain) throws UnusableRecordException {
      return new ImageIoDecoder(format, limit, memory, leastSide).read(plain);
    }
  }

  /**
   * Prepares a picture: upright by its EXIF orientation, transparent parts on white, the first
   * frame of an animation.
   *
   * @param bytes a JPEG, PNG, GIF, BMP or WebP file
   * @param contentType what the producer says that it is, or null if it does not
   * @return {@code float32[3,side,side]}, in the thread's own memory: its next picture overwrites
   *     it
   * @throws UnusableRecordException with the reason, when it is none, too large or broken
   */
  public PictureTensor decodeToTensor(byte[] bytes, @Nullable String contentType)
      throws UnusableRecordException {
    requireSize(bytes);
    PictureFormat format = format(bytes, contentType);
    requireFrames(FrameCounter.count(format, bytes));
    try {
      Workspace workspace = workspaces.get();
      workspace.prepare(format, bytes);
      return workspace.tensor();
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new UnusableRecordException(
          Stage.DECODE, BROKEN_PICTURE, "the %s cannot be decoded: %s".formatted(format, e), e);
    }
  }

  /**
   * Prepares a picture, and copies it to an array.
   *
   * @return {@code float32[3,side,side]}, row after row
   */
  public float[] decode(byte[] bytes, @Nullable String contentType) throws UnusableRecordException {
    return decodeToTensor(bytes, contentType).toArray();
  }

  private void requireSize(byte[] bytes) throws UnusableRecordException {
    if (bytes.length == 0) {
      throw new UnusableRecordException(Stage.DECODE, EMPTY, "the record has no bytes");
    }
    if (bytes.length > limits.maxBytes()) {
      throw new UnusableRecordException(
          Stage.DECODE,
          TOO_MANY_BYTES,
          "the picture has %,d bytes and pictures.maxBytes is %,d"
              .formatted(bytes.length, limits.maxBytes()));
    }
  }

  private void requireFrames(long frames) throws UnusableRecordException {
    if (frames > limits.maxFrames()) {
      throw new UnusableRecordException(
          Stage.DECODE,
          TOO_MANY_FRAMES,
          "the picture has %,d frames and pictures.maxFrames is %,d"
              .formatted(frames, limits.maxFrames()));
    }
  }

  private static PictureFormat format(byte[] bytes, @Nullable String contentType)
      throws UnusableRecordException {
    PictureFormat format =
        PictureFormat.of(bytes)
            .orElseThrow(
                () ->
                    new UnusableRecordException(
                        Stage.DECODE,
                        NOT_A_PICTURE,
                        "the bytes are no JPEG, PNG, GIF, BMP or WebP"));
    if (contentType != null && !format.isMeantBy(contentType)) {
      throw new UnusableRecordException(
          Stage.DECODE,
          WRONG_CONTENT_TYPE,
          "the header content-type says '%s' and the bytes are %s".formatted(contentType, format));
    }
    return format;
  }
}
