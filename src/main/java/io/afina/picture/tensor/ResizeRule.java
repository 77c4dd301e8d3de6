package io.afina.picture.tensor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Describes how a picture of any size becomes a square: it is resized, and then the centre of
 * {@code crop} times {@code crop} is cut out, or filled up around it where it is smaller.
 *
 * @param mode which side has {@code size} pixels after the resize
 * @param size in pixels
 * @param filter with antialias, as Pillow has it
 * @param crop pixels of the square's side; more than {@code size} only where the longer side counts
 * @param padding the colour around a picture that does not fill the square, {@code 0xRRGGBB}
 */
public record ResizeRule(Mode mode, int size, ResizeFilter filter, int crop, int padding) {

  private static final Pattern SENTENCE =
      Pattern.compile(
          "shorter side to (\\d{1,5}), bilinear with antialias, then the centre (\\d{1,5})");

  /** Which side a resize is about. */
  public enum Mode {
    /**
     * The shorter side gets the size, the other keeps the shape and is truncated, and the corner of
     * the centre is rounded to the even, as torchvision does it.
     */
    SHORTER_SIDE,
    /**
     * The same, with the other side rounded and the corner rounded down: what the sentence of older
     * cards means, whose embeddings are to stay as they are.
     */
    SHORTER_SIDE_ROUNDED,
    /** The longer side gets the size, the other keeps the shape. */
    LONGER_SIDE,
    /** Both get the size, whatever the shape was. */
    SQUASH;

    /** Its name in cards, such as {@code shorter-side}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The mode that a card means. */
    public static Optional<Mode> named(String word) {
      return Arrays.stream(values()).filter(mode -> mode.word().equals(word)).findFirst();
    }
  }

  public ResizeRule {
    if (crop < 1 || size < 1 || (crop > size && mode != Mode.LONGER_SIDE)) {
      throw new IllegalArgumentException(
          "a centre of %d does not fit a %s of %d".formatted(crop, mode.word(), size));
    }
  }

  /** The shorter side to a size, bilinear, then the centre, as older cards mean it. */
  public ResizeRule(int shorterSide, int crop) {
    this(Mode.SHORTER_SIDE_ROUNDED, shorterSide, ResizeFilter.BILINEAR, crop, 0);
  }

  /** Reads the sentence that older cards have; empty when it is another. */
  public static Optional<ResizeRule> parse(String sentence) {
    Matcher form = SENTENCE.matcher(sentence);
    if (!form.matches()) {
      return Optional.empty();
    }
    int shorterSide = Integer.parseInt(form.group(1));
    int crop = Integer.parseInt(form.group(2));
    return crop >= 1 && crop <= shorterSide
        ? Optional.of(new ResizeRule(shorterSide, crop))
        : Optional.empty();
  }

  /**
   * What a side of {@code length} pixels has after the resize, where the other has {@code other}.
   */
  public int resized(int length, int other) {
    return switch (mode) {
      case SQUASH -> size;
      case SHORTER_SIDE -> length <= other ? size : (int) ((double) size * length / other);
      case SHORTER_SIDE_ROUNDED ->
          length <= other ? size : (int) Math.round((double) size * length / other);
      case LONGER_SIDE ->
          length >= other ? size : Math.max(1, (int) Math.rint((double) size * length / other));
    };
  }

  /**
   * Where the square begins on a resized side.
   *
   * @return below 0 where the side is shorter than the square
   */
  public int begin(int resized) {
    if (resized < crop) {
      return -((crop - resized) / 2);
    }
    return mode == Mode.SHORTER_SIDE_ROUNDED
        ? (resized - crop) / 2
        : (int) Math.rint((resized - crop) / 2.0);
  }
}
