package io.afina.event;

/**
 * Converts IEEE 754 half precision, as JDK 20's {@code Float.floatToFloat16} does it (this code
 * must run on 17): round to nearest, ties to even; overflow becomes infinity.
 */
public final class Float16 {

  private static final float SMALLEST_SUBNORMAL = 0x1p-24f;

  private Float16() {}

  /** The nearest half, as its sixteen bits. */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= 65520f) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x1p-14f) {
      return (short) (sign | (int) Math.rint(magnitude / SMALLEST_SUBNORMAL));
    }
    int rebased = Float.floatToRawIntBits(magnitude) - (112 << 23);
    int half = rebased >>> 13;
    int rest = rebased & 0x1fff;
    if (rest > 0x1000 || (rest == 0x1000 && (half & 1) == 1)) {
      half++;
    }
    return (short) (sign | half);
  }

  /** The value of a half, which single precision holds exactly. */
  public static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = half >>> 10 & 0x1f;
    int mantissa = half & 0x3ff;
    float magnitude =
        switch (exponent) {
          case 0 -> mantissa * SMALLEST_SUBNORMAL;
          case 31 -> mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Float.intBitsToFloat((exponent + 112) << 23 | mantissa << 13);
        };
    return Float.intBitsToFloat(Float.floatToRawIntBits(magnitude) | sign);
  }
}
