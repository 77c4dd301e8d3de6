package io.afina.picture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The picture formats that Afina reads, known by their first bytes: what a producer claims is not
 * believed, for a browser must never take a picture for a page.
 */
public enum PictureFormat {
  JPEG("image/p?jpe?g", "\u00ff\u00d8\u00ff"),
  PNG("image/(x-)?png", "\u0089PNG\r\n\u001a\n"),
  GIF("image/gif", "GIF8[79]a"),
  BMP("image/(x-|x-ms-)?bmp", "BM"),
  WEBP("image/webp", "RIFF....WEBP");

  /** Claims nothing. */
  private static final String ANY = "application/octet-stream";

  private static final int LONGEST_MAGIC = 12;

  private final Pattern contentType;
  private final Pattern magic;

  PictureFormat(String contentType, String magic) {
    this.contentType = Pattern.compile(contentType);
    this.magic = Pattern.compile(magic, Pattern.DOTALL);
  }

  public static Optional<PictureFormat> of(byte[] bytes) {
    String head = new String(bytes, 0, Math.min(bytes.length, LONGEST_MAGIC), ISO_8859_1);
    return Arrays.stream(values())
        .filter(format -> format.magic.matcher(head).lookingAt())
        .findFirst();
  }

  /** What a browser is told. */
  public String mediaType() {
    return "image/" + name().toLowerCase(Locale.ROOT);
  }

  /** Whether a content type, with or without parameters, may stand for this format. */
  boolean isMeantBy(String type) {
    String bare = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return bare.isEmpty() || bare.equals(ANY) || contentType.matcher(bare).matches();
  }
}
