package io.afina.picture;

import static io.afina.event.DeadLetter.Reason.BROKEN_PICTURE;
import static io.afina.event.DeadLetter.Reason.EMPTY;
import static io.afina.event.DeadLetter.Reason.NOT_A_PICTURE;
import static io.afina.event.DeadLetter.Reason.TOO_MANY_BYTES;
import static io.afina.event.DeadLetter.Reason.TOO_MANY_FRAMES;

import io.afina.config.PicturesConfig;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.UnusableRecordException;
import io.afina.picture.format.BmpHeader;
import io.afina.picture.format.Jpeg2000Codestream;
import io.afina.picture.format.OtherFormat;
import io.afina.picture.tensor.PictureInput;
import io.afina.picture.tensor.PictureTensor;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the bytes of a picture to the tensor that a backbone takes. What cannot be used is
 * refused with a reason as early as possible: its size and its header are checked, and the memory
 * that decoding it takes is counted, before any is reserved for its pixels. The threads of a
 * process share a decoder, and with it a budget of memory; it holds a little for each of them.
 */
public final class PictureDecoder {

  private final PicturesConfig limits;
  private final BiConsumer<String, String> contradictions;
  private final ThreadLocal<Workspace> workspaces;

  /** Decodes JPEG and JPEG 2000 with native decoders where the platform has one. */
  public PictureDecoder(PicturesConfig limits, PictureInput input) {
    this(limits, input, (declared, found) -> {});
  }

  /**
   * The same, which tells of pictures that are not what their producer says.
   *
   * @param contradictions takes the format that was declared, or "other", and the one that was
   *     found
   */
  public PictureDecoder(
      PicturesConfig limits, PictureInput input, BiConsumer<String, String> contradictions) {
    this(limits, input, NativeJpegDecoder.isThere(), DecoderMemory.of(limits), contradictions);
  }

  PictureDecoder(PicturesConfig limits, PictureInput input, boolean natives) {
    this(limits, input, natives, DecoderMemory.of(limits), (declared, found) -> {});
  }

  PictureDecoder(
      PicturesConfig limits,
      PictureInput input,
      boolean natives,
      DecoderMemory memory,
      BiConsumer<String, String> contradictions) {
    this.limits = limits;
    this.contradictions = contradictions;
    this.workspaces =
        ThreadLocal.withInitial(
            () -> Workspace.of(new PixelLimit(limits.maxPixels()), memory, input, natives));
  }

  /** The decoders and the memory of one thread. */
  private record Workspace(
      PixelLimit limit,
      DecoderMemory memory,
      Optional<NativeJpegDecoder> jpeg,
      Optional<NativeJpeg2000Decoder> jpeg2000,
      int leastSide,
      Resampler resampler,
      PictureTensor tensor) {

    static Workspace of(
        PixelLimit limit, DecoderMemory memory, PictureInput input, boolean natives) {
      int leastSide = NativeJpegDecoder.leastSide(input.resize());
      return new Workspace(
          limit,
          memory,
          natives
              ? Optional.of(new NativeJpegDecoder(limit, memory.natively(), leastSide))
              : Optional.empty(),
          natives
              ? Optional.of(
                  new NativeJpeg2000Decoder(
                      limit, memory.natively(), ImageIoDecoder.leastSide(input.resize())))
              : Optional.empty(),
          ImageIoDecoder.leastSide(input.resize()),
          new Resampler(input),
          new PictureTensor(input));
    }

    void read(PictureFormat format, byte[] bytes, BiConsumer<PixelRows, Orientation> to)
        throws UnusableRecordException {
      JpegSegments segments = format == PictureFormat.JPEG ? JpegSegments.of(bytes) : null;
      Orientation orientation =
          segments == null || segments.hasMetadata()
              ? OrientationReader.read(format, bytes)
              : Orientation.UPRIGHT;
      try (PixelRows rows = segments == null ? rows(format, bytes) : rows(segments)) {
        to.accept(rows, orientation);
      }
    }

    private PixelRows rows(JpegSegments segments) throws UnusableRecordException {
      Optional<PixelRows> rows = jpeg.isPresent() ? jpeg.get().decode(segments) : Optional.empty();
      return rows.isPresent() ? rows.get() : imageIo(PictureFormat.JPEG).read(segments.plain());
    }

    private PixelRows rows(PictureFormat format, byte[] bytes) throws UnusableRecordException {
      if (format == PictureFormat.JPEG2000) {
        return jpeg2000(bytes);
      }
      byte[] plain = MetadataStripper.strip(format, bytes);
      if (format == PictureFormat.BMP && BmpHeader.of(plain).isRunLengths()) {
        return BmpRunLengths.read(plain, BmpHeader.of(plain), limit, memory.heap());
      }
      return imageIo(format).read(plain);
    }

    private PixelRows jpeg2000(byte[] bytes) throws UnusableRecordException {
      Jpeg2000Codestream codestream = Jpeg2000Codestream.of(bytes);
      return jpeg2000
          .orElseThrow(
              () ->
                  new UnusableRecordException(
                      Stage.DECODE,
                      NOT_A_PICTURE,
                      "the bytes are a JPEG 2000 picture, for which this platform has no decoder:"
                          + " convert it to JPEG or PNG"))
          .decode(codestream);
    }

    private ImageIoDecoder imageIo(PictureFormat format) {
      return new ImageIoDecoder(format, limit, memory, leastSide);
    }
  }

  /**
   * Prepares a picture: upright by its EXIF orientation, transparent parts on white, the first
   * frame of an animation.
   *
   * @param bytes a JPEG, PNG, GIF, BMP, WebP, TIFF or JPEG 2000 file
   * @param contentType what the producer says that it is, which is noted where it is wrong, and not
   *     believed; null if it does not
   * @return {@code float32[3,side,side]}, in the thread's own memory: its next picture overwrites
   *     it
   * @throws UnusableRecordException with the reason, when it is none, too large or broken
   */
  public PictureTensor decodeToTensor(byte[] bytes, @Nullable String contentType)
      throws UnusableRecordException {
    note(bytes, contentType);
    read(
        bytes,
        (rows, orientation) -> {
          Workspace workspace = workspaces.get();
          workspace.resampler().resample(rows, orientation, workspace.tensor().numbers());
        });
    return workspaces.get().tensor();
  }

  /**
   * Prepares a picture, and copies it to an array.
   *
   * @return {@code float32[3,side,side]}, row after row
   */
  public float[] decode(byte[] bytes, @Nullable String contentType) throws UnusableRecordException {
    return decodeToTensor(bytes, contentType).toArray();
  }

  private void note(byte[] bytes, @Nullable String contentType) {
    if (contentType != null) {
      PictureFormat.of(bytes)
          .filter(format -> !format.isMeantBy(contentType))
          .ifPresent(
              format -> contradictions.accept(PictureFormat.named(contentType), format.label()));
    }
  }

  /** Hands over the pixels of a picture, as long as they are there, and how they lie. */
  void read(byte[] bytes, BiConsumer<PixelRows, Orientation> to) throws UnusableRecordException {
    requireSize(bytes);
    PictureFormat format = format(bytes);
    requireFrames(FrameCounter.count(format, bytes));
    try {
      workspaces.get().read(format, bytes, to);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new UnusableRecordException(
          Stage.DECODE, BROKEN_PICTURE, "the %s cannot be decoded: %s".formatted(format, e), e);
    }
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

  /**
   * Recognises the format.
   *
   * @throws UnusableRecordException when it is none that is read, with the name of that it is
   */
  static PictureFormat format(byte[] bytes) throws UnusableRecordException {
    return PictureFormat.of(bytes)
        .orElseThrow(
            () ->
                new UnusableRecordException(
                    Stage.DECODE,
                    NOT_A_PICTURE,
                    OtherFormat.of(bytes)
                        .map(OtherFormat::explanation)
                        .orElse(
                            "the bytes are no JPEG, PNG, GIF, BMP, WebP, TIFF or JPEG 2000, nor any"
                                + " other format that is known")));
  }
}
