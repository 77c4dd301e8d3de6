package io.afina.event;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Reads and writes the record headers of Afina's own, texts under names with one prefix. */
final class AfinaHeaders {

  private static final String PREFIX = "afina.";

  private AfinaHeaders() {}

  static boolean isOurs(Header header) {
    return header.key().startsWith(PREFIX);
  }

  /** Sets a header, in place of any that has its name. */
  static void put(Headers headers, String name, String value) {
    headers.remove(PREFIX + name).add(PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
  }

  static boolean has(Headers headers, String name) {
    return headers.lastHeader(PREFIX + name) != null;
  }

  static Optional<String> find(Headers headers, String name) {
    return Optional.ofNullable(headers.lastHeader(PREFIX + name))
        .map(Header::value)
        .map(value -> new String(value, StandardCharsets.UTF_8));
  }

  static String get(Headers headers, String name) {
    return find(headers, name)
        .orElseThrow(() -> new MalformedRecordException("has no header " + PREFIX + name));
  }
}
