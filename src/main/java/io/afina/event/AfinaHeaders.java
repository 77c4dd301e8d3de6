package io.afina.event;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Reads and writes the record headers of Afina's own, texts under names with one prefix. */
public final class AfinaHeaders {

  private static final String PREFIX = "afina.";

  private AfinaHeaders() {}

  public static boolean isOurs(Header header) {
    return header.key().startsWith(PREFIX);
  }

  /** Sets a header, in place of any that has its name. */
  public static void put(Headers headers, String name, String value) {
    headers.remove(PREFIX + name).add(PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
  }

  public static boolean has(Headers headers, String name) {
    return headers.lastHeader(PREFIX + name) != null;
  }

  public static Optional<String> find(Headers headers, String name) {
    return Optional.ofNullable(headers.lastHeader(PREFIX + name))
        .map(Header::value)
        .map(value -> new String(value, StandardCharsets.UTF_8));
  }

  public static String get(Headers headers, String name) {
    return find(headers, name)
        .orElseThrow(() -> new MalformedRecordException("has no header " + PREFIX + name));
  }
}
