package io.afina.event;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a record is on its topic, which is also what people call it by: {@code 3-141} is offset 141
 * of partition 3.
 */
public record RecordId(int partition, long offset) implements Comparable<RecordId> {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})-(\\d{1,18})");
  private static final Comparator<RecordId> ORDER =
      Comparator.comparingInt(RecordId::partition).thenComparingLong(RecordId::offset);

  /** Parses an id; empty when the text is none. */
  public static Optional<RecordId> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(new RecordId(Integer.parseInt(form.group(1)), Long.parseLong(form.group(2))))
        : Optional.empty();
  }

  /** As people write it: {@code 3-141}. */
  @JsonValue
  public String text() {
    return partition + "-" + offset;
  }

  @Override
  public String toString() {
    return text();
  }

  @Override
  public int compareTo(RecordId other) {
    return ORDER.compare(this, other);
  }
}
