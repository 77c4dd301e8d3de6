package io.afina.picture;

/**
 * The tensor that a network takes: {@code float32[N,3,side,side]}, red, green, blue, each {@code (x
 * / 255 - mean) / std}.
 *
 * @param resize how a picture becomes that square
 * @param mean one number a colour
 * @param std one number a colour, none of them 0
 */
public record PictureInput(ResizeRule resize, float[] mean, float[] std) {

  /** Pixels of the square's side. */
  public int side() {
    return resize.crop();
  }

  /** The numbers of one picture. */
  public int numbers() {
    return 3 * side() * side();
  }
}
