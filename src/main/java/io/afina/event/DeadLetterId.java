package io.afina.event;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a dead letter is on {@code dead-letters}, which is also what people call it by: {@code
 * 3-141} is offset 141 of partition 3.
 */
public record DeadLetterId(int partition, long offset) implements Comparable<DeadLetterId> {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})-(\\d{1,18})");
  private static final Comparator<DeadLetterId> ORDER =
      Comparator.comparingInt(DeadLetterId::partition).thenComparingLong(DeadLetterId::offset);

  /** Reads it from its text; empty when the text is none. */
  public static Optional<DeadLetterId> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(
            new DeadLetterId(Integer.parseInt(form.group(1)), Long.parseLong(form.group(2))))
        : Optional.empty();
  }

  /** As people write it: {@code 3-141}. */
  public String text() {
    return partition + "-" + offset;
  }

  @Override
  public int compareTo(DeadLetterId other) {
    return ORDER.compare(this, other);
  }
}
