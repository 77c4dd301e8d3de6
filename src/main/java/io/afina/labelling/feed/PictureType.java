package io.afina.labelling.feed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The media type of a picture by its first bytes: what a producer claims is not believed, for a
 * browser must never take a picture for a page.
 */
public enum PictureType {
  JPEG("image/jpeg", "\u00ff\u00d8\u00ff"),
  PNG("image/png", "\u0089PNG\r\n\u001a\n"),
  GIF("image/gif", "GIF8[79]a"),
  BMP("image/bmp", "BM"),
  WEBP("image/webp", "RIFF....WEBP");

  private static final int LONGEST_MAGIC = 12;

  private final String mediaType;
  private final Pattern magic;

  PictureType(String mediaType, String magic) {
    this.mediaType = mediaType;
    this.magic = Pattern.compile(magic, Pattern.DOTALL);
  }

  public static Optional<PictureType> of(byte[] bytes) {
    String head = new String(bytes, 0, Math.min(bytes.length, LONGEST_MAGIC), ISO_8859_1);
    return Arrays.stream(values()).filter(type -> type.magic.matcher(head).lookingAt()).findFirst();
  }

  public String mediaType() {
    return mediaType;
  }
}
