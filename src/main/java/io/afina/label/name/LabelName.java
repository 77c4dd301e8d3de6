package io.afina.label.name;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Says when two spellings are one label, the same everywhere: white space and invisible characters
 * around a name do not count, nor does how Unicode composes it, nor case.
 */
public final class LabelName {

  private static final int ASCII = 0x80;

  private LabelName() {}

  /**
   * A name as it is kept: in Unicode's composed form (<a
   * href="https://unicode.org/reports/tr15/">NFC</a>), without white space and invisible characters
   * around it.
   */
  public static String spelling(String name) {
    String composed = isPlain(name) ? name : Normalizer.normalize(name, Form.NFC);
    int from = 0;
    int to = composed.length();
    while (from < to && isBlank(composed.codePointAt(from))) {
      from += Character.charCount(composed.codePointAt(from));
    }
    while (to > from && isBlank(composed.codePointBefore(to))) {
      to -= Character.charCount(composed.codePointBefore(to));
    }
    return composed.substring(from, to);
  }

  /**
   * The key that all spellings of a label share. Besides what {@link #spelling} takes away it has
   * no invisible characters, one space for each run of white space, and no case.
   */
  public static String key(String name) {
    if (isPlain(name) && name.indexOf(' ') < 0) {
      return name.toLowerCase(Locale.ROOT);
    }
    StringBuilder visible = new StringBuilder();
    spelling(name)
        .codePoints()
        .filter(c -> !isInvisible(c))
        .map(c -> isSpace(c) ? ' ' : c)
        .filter(c -> c != ' ' || visible.isEmpty() || visible.charAt(visible.length() - 1) != ' ')
        .forEachOrdered(visible::appendCodePoint);
    // By way of upper case, as one letter in lower case may be two in upper case: ß. And from lower
    // case, as its capital form is one: ẞ.
    String folded = lower(lower(visible.toString()).toUpperCase(Locale.ROOT));
    return Normalizer.normalize(folded, Form.NFC);
  }

  /** Whether two spellings are one label. */
  public static boolean same(String one, String other) {
    return key(one).equals(key(other));
  }

  /**
   * What is wrong with a name that somebody gives: it has control characters, line breaks or marks
   * that turn the direction of text. Empty when nothing is.
   */
  public static Optional<String> fault(String name) {
    IntStream control = name.codePoints().filter(LabelName::isControl);
    OptionalInt first = control.findFirst();
    return first.isEmpty()
        ? Optional.empty()
        : Optional.of("the control character U+%04X".formatted(first.getAsInt()));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static boolean isPlain(String name) {
    return name.chars().allMatch(c -> c >= ' ' && c < ASCII - 1);
  }

  private static boolean isBlank(int c) {
    return isSpace(c) || isInvisible(c);
  }

  private static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }

  /** Zero-width characters, and others that only say how to set the text. */
  private static boolean isInvisible(int c) {
    return Character.getType(c) == Character.FORMAT;
  }

  private static boolean isControl(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      default -> (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    };
  }
}
