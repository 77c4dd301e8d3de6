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
  WEBP("image/webp", "RIFF....WEBP"),
  TIFF("image/tiff?", "II\\*\0|MM\0\\*"),
  JPEG2000("image/(jp2|jpx|j2k|jpeg2000|x-jp2)", "\0\0\0\fjP  \r\n\u0087\n|\u00ffO\u00ffQ");

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

  /** Its media type, as browsers and consumers are told. */
  public String mediaType() {
    return this == JPEG2000 ? "image/jp2" : "image/" + label();
  }

  /** What the names of its files end in. */
  public String extension() {
    return switch (this) {
      case JPEG -> "jpg";
      case JPEG2000 -> "jp2";
      default -> label();
    };
  }

  /** Whether browsers show it. */
  boolean isShownByBrowsers() {
    return this != TIFF && this != JPEG2000;
  }

  /**
   * What a content type, with or without parameters, says that a picture is: the name of a format
   * in small letters, or "other".
   */
  static String named(String contentType) {
    String bare = bare(contentType);
    return Arrays.stream(values())
        .filter(format -> format.contentType.matcher(bare).matches())
        .findFirst()
        .map(PictureFormat::label)
        .orElse("other");
  }

  /** Its name in small letters, as metrics have it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a content type, with or without parameters, may stand for this format. */
  boolean isMeantBy(String type) {
    String bare = bare(type);
    return bare.isEmpty() || bare.equals(ANY) || contentType.matcher(bare).matches();
  }

  private static String bare(String contentType) {
    return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }
}
