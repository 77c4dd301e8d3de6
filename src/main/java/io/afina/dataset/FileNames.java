package io.afina.dataset;

import io.afina.event.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Makes names of files and folders of image ids and labels, which may be any text: safe on every
 * file system, readable, and different for different texts.
 */
final class FileNames {

  private static final int LONGEST = 60;
  private static final int HASH = 12;
  private static final Pattern PLAIN =
      Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]*(?<![ .])");
  private static final Pattern RESERVED =
      Pattern.compile("(?i)(con|prn|aux|nul|com\\d|lpt\\d)(\\..*)?");

  private FileNames() {}

  /** What comes last in the id, without its extension, and a hash of all of it. */
  static String ofImage(String id, String extension) {
    String last = id.substring(id.lastIndexOf('/') + 1).replaceFirst("\\.[A-Za-z0-9]{1,5}$", "");
    return "%s-%s.%s".formatted(safe(last), hash(id), extension);
  }

  /** The label itself, where that is a name of a folder everywhere. */
  static String ofLabel(String label) {
    return label.length() <= LONGEST
            && PLAIN.matcher(label).matches()
            && !RESERVED.matcher(label).matches()
        ? label
        : safe(label) + "-" + hash(label);
  }

  private static String safe(String text) {
    String safe = text.replaceAll("[^A-Za-z0-9_-]", "_");
    return safe.isEmpty() ? "_" : safe.substring(0, Math.min(LONGEST, safe.length()));
  }

  private static String hash(String text) {
    return Sha256.hex(text.getBytes(StandardCharsets.UTF_8)).substring(0, HASH);
  }
}
