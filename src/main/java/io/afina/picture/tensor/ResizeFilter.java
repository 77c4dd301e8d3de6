package io.afina.picture.tensor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How a resized pixel weighs the original ones around it: the kernels of Pillow's {@code
 * Image.resize} (its {@code Resample.c}), which are made as wide as the reduction, so that every
 * original pixel counts (antialias).
 */
public enum ResizeFilter {
  BILINEAR(1, 2),
  BICUBIC(2, 3),
  LANCZOS(3, 1);

  /** Of the cubic kernel: Pillow's, not OpenCV's -0.75. */
  private static final double SHARPNESS = -0.5;

  private final int support;
  private final int pillow;

  ResizeFilter(int support, int pillow) {
    this.support = support;
    this.pillow = pillow;
  }

  /** Its name in cards, such as {@code bicubic}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The filter that a card means. */
  public static Optional<ResizeFilter> named(String word) {
    return Arrays.stream(values()).filter(filter -> filter.word().equals(word)).findFirst();
  }

  /** The filter of a number of Pillow's {@code Image.Resampling}. */
  public static Optional<ResizeFilter> ofPillow(int number) {
    return Arrays.stream(values()).filter(filter -> filter.pillow == number).findFirst();
  }

  /** Pixels to either side that have a weight, where nothing is reduced. */
  public int support() {
    return support;
  }

  /** Whether some weights are below 0, so that a sum may leave the range of its pixels. */
  public boolean isSigned() {
    return this != BILINEAR;
  }

  /** The weight at a distance, in pixels, where nothing is reduced. */
  public double weight(double distance) {
    double x = Math.abs(distance);
    return x >= support ? 0 : kernel(x);
  }

  private double kernel(double x) {
    return switch (this) {
      case BILINEAR -> 1 - x;
      case BICUBIC ->
          x < 1
              ? ((SHARPNESS + 2) * x - (SHARPNESS + 3)) * x * x + 1
              : (((x - 5) * x + 8) * x - 4) * SHARPNESS;
      case LANCZOS -> sinc(x) * sinc(x / support);
    };
  }

  private static double sinc(double x) {
    return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  }
}
