package io.afina.model;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys in the textual form of RFC 7468: lines of Base64 between BEGIN and END. */
final class PemFile {

  private PemFile() {}

  /**
   * Every block of a kind, decoded.
   *
   * @param kind such as {@code PUBLIC KEY}
   * @throws AfinaException when the file cannot be read, or has none
   */
  static List<byte[]> blocks(Path file, String kind) {
    Matcher matcher =
        Pattern.compile(
                "-----BEGIN %1$s-----(.*?)-----END %1$s-----".formatted(kind), Pattern.DOTALL)
            .matcher(text(file));
    List<byte[]> blocks =
        matcher.results().map(found -> Base64.getMimeDecoder().decode(found.group(1))).toList();
    if (blocks.isEmpty()) {
      throw new AfinaException(
          ExitCode.CONFIGURATION, "%s has no %s in PEM form".formatted(file, kind));
    }
    return blocks;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AfinaException(
          ExitCode.CONFIGURATION, "cannot read the key file %s: %s".formatted(file, e), e);
    }
  }
}
