package io.afina.picture.tensor;

/**
 * The tensor that a network takes: {@code float32[N,3,side,side]} or {@code
 * float32[N,side,side,3]}, each colour {@code (x / 255 - mean) / std}.
 *
 * @param resize how a picture becomes that square
 * @param mean one number a colour, in the order of the colours
 * @param std one number a colour, in the order of the colours, none of them 0
 * @param colours their order
 * @param layout of the tensor
 */
public record PictureInput(
    ResizeRule resize, float[] mean, float[] std, Colours colours, Layout layout) {

  /** The order of the colours. */
  public enum Colours {
    RGB,
    BGR
  }

  /** Whether a tensor has one colour behind the other, or all colours of a pixel together. */
  public enum Layout {
    NCHW,
    NHWC
  }

  /** Red, green, blue, one behind the other. */
  public PictureInput(ResizeRule resize, float[] mean, float[] std) {
    this(resize, mean, std, Colours.RGB, Layout.NCHW);
  }

  /** Pixels of the square's side. */
  public int side() {
    return resize.crop();
  }

  /** The numbers of one picture. */
  public int numbers() {
    return 3 * side() * side();
  }

  /** The tensor's shape for so many pictures. */
  public long[] shape(int pictures) {
    return layout == Layout.NCHW
        ? new long[] {pictures, 3, side(), side()}
        : new long[] {pictures, side(), side(), 3};
  }
}
