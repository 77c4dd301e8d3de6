package io.afina.label;

import io.afina.event.RecordLimits;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a label; null leaves what there is, and an empty text or list takes it away.
 *
 * @param text what it means
 * @param examples ids of images that show it
 * @param colour {@code #rrggbb}
 * @param key one character
 */
public record LabelDescription(
    @Nullable String text,
    @Nullable List<String> examples,
    @Nullable String colour,
    @Nullable String key) {

  private static final int MOST_EXAMPLES = 12;
  private static final int LONGEST_EXAMPLE = 1_000;

  /**
   * Checks it.
   *
   * @throws AfinaException when something is beyond the limits
   */
  public LabelDescription {
    examples = examples == null ? null : List.copyOf(examples);
    require(
        text == null || text.length() <= RecordLimits.NOTE,
        "a description has %,d characters at most".formatted(RecordLimits.NOTE));
    require(
        examples == null
            || (examples.size() <= MOST_EXAMPLES
                && examples.stream()
                    .allMatch(id -> !id.isBlank() && id.length() <= LONGEST_EXAMPLE)),
        "a label has %d images at most as examples, each by an id of 1 to %,d characters"
            .formatted(MOST_EXAMPLES, LONGEST_EXAMPLE));
    require(
        colour == null || colour.matches("(#[0-9a-fA-F]{6})?"),
        "the colour is '%s': it must be such as #ffaa00".formatted(colour));
    require(
        key == null || key.codePoints().count() <= 1,
        "the key is '%s': it must be one character".formatted(key));
  }

  private static void require(boolean right, String why) {
    if (!right) {
      throw new AfinaException(ExitCode.USAGE, why);
    }
  }
}
