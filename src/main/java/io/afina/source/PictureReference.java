package io.afina.source;

import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.Sha256;
import io.afina.event.UnusableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Where the picture of an image event is, when the event does not carry it (claim check): its value
 * is a {@code text/uri-list} of one URI (RFC 2483), or it has no value and CloudEvents' {@code
 * ce_dataref}.
 *
 * @param sha256 of the picture in lower-case hex, if the event says it
 * @param contentType of the picture, if the event says it
 */
record PictureReference(SourceUri uri, @Nullable String sha256, @Nullable String contentType) {

  private static final String URI_LIST = "text/uri-list";
  private static final String DATA_REFERENCE = "ce_dataref";
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  /** More than the longest URI, and some comments. */
  private static final int LONGEST_LIST = 65_536;

  /**
   * The reference of an image event; empty when it carries its picture.
   *
   * @throws UnusableRecordException when it is one, and not of its form
   */
  static Optional<PictureReference> of(byte @Nullable [] value, Headers headers)
      throws UnusableRecordException {
    if (!isIn(value, headers)) {
      return Optional.empty();
    }
    String type = contentType(headers);
    String reference = text(headers, DATA_REFERENCE);
    if ((value != null && value.length > 0) || reference == null) {
      return Optional.of(
          new PictureReference(
              parse(only(value == null ? new byte[0] : value)), hash(headers), null));
    }
    return Optional.of(
        new PictureReference(
            parse(reference.strip()), hash(headers), isUriList(type) ? null : type));
  }

  /** Whether an image event says where its picture is, be it of the form of a reference or not. */
  static boolean isIn(byte @Nullable [] value, Headers headers) {
    return (value == null || value.length == 0)
        ? headers.lastHeader(DATA_REFERENCE) != null
        : isUriList(contentType(headers));
  }

  /** What the event says that its data are. */
  static @Nullable String contentType(Headers headers) {
    return text(headers, "content-type");
  }

  /** Whether a picture is the one that is meant, as far as the event says which. */
  boolean isOf(byte[] picture) {
    return sha256 == null || sha256.equals(Sha256.hex(picture));
  }

  private static boolean isUriList(@Nullable String type) {
    return type != null && type.split(";", 2)[0].strip().equalsIgnoreCase(URI_LIST);
  }

  private static String only(byte[] list) throws UnusableRecordException {
    List<String> uris =
        list.length > LONGEST_LIST
            ? List.of()
            : new String(list, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    if (uris.size() != 1) {
      throw bad("its text/uri-list of %,d bytes must have one URI".formatted(list.length));
    }
    return uris.get(0);
  }

  /**
   * Parses an address.
   *
   * @throws UnusableRecordException when it is none that can be fetched from
   */
  static SourceUri parse(String uri) throws UnusableRecordException {
    try {
      return SourceUri.parse(uri);
    } catch (IllegalArgumentException e) {
      throw bad(
          "the reference %s: write it as s3://bucket/key, https://host/path or file:///path"
              .formatted(e.getMessage()));
    }
  }

  private static @Nullable String hash(Headers headers) throws UnusableRecordException {
    String text = text(headers, "sha256");
    if (text == null) {
      return null;
    }
    String hash = text.strip().toLowerCase(Locale.ROOT);
    if (!HASH.matcher(hash).matches()) {
      throw bad("its header sha256 must be 64 hex digits");
    }
    return hash;
  }

  private static @Nullable String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static UnusableRecordException bad(String why) {
    return new UnusableRecordException(Stage.FETCH, Reason.BAD_REFERENCE, why);
  }
}
