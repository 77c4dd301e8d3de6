package io.afina.picture;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Describes how a picture of any size becomes a square: its shorter side is resized to {@code
 * shorterSide}, bilinear with antialias, and the centre of {@code crop} times {@code crop} is kept.
 *
 * @param shorterSide pixels of the shorter side after the resize
 * @param crop pixels of the square's side, at most {@code shorterSide}
 */
public record ResizeRule(int shorterSide, int crop) {

  private static final Pattern FORM =
      Pattern.compile(
          "shorter side to (\\d{1,5}), bilinear with antialias, then the centre (\\d{1,5})");

  public ResizeRule {
    if (crop < 1 || crop > shorterSide) {
      throw new IllegalArgumentException(
          "a centre of %d does not fit a shorter side of %d".formatted(crop, shorterSide));
    }
  }

  /** Reads the sentence that a card has; empty when it is another rule than Afina knows. */
  public static Optional<ResizeRule> parse(String sentence) {
    Matcher form = FORM.matcher(sentence);
    if (!form.matches()) {
      return Optional.empty();
    }
    int shorterSide = Integer.parseInt(form.group(1));
    int crop = Integer.parseInt(form.group(2));
    return crop >= 1 && crop <= shorterSide
        ? Optional.of(new ResizeRule(shorterSide, crop))
        : Optional.empty();
  }
}
