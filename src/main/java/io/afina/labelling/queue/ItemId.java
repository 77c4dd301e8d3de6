package io.afina.labelling.queue;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a review item is on {@code review}: {@code 3-141} is offset 141 of partition 3. */
public record ItemId(int partition, long offset) {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})-(\\d{1,18})");

  /** Reads it from its text; empty when the text is none. */
  public static Optional<ItemId> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(new ItemId(Integer.parseInt(form.group(1)), Long.parseLong(form.group(2))))
        : Optional.empty();
  }

  /** As the page writes it. */
  @JsonValue
  String text() {
    return partition + "-" + offset;
  }
}
