package io.afina.backbone.address;

import io.afina.event.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The hashes of a file that a server may name it by: the hub takes the SHA-256 of large files and
 * git's hash of small ones, and some mirrors the SHA-1.
 *
 * @param sha256 in lower-case hex
 * @param others by SHA-1, where asked for
 */
record ContentHashes(String sha256, List<String> others) {

  private static final int CHUNK = 1 << 16;
  private static final String SHA1 = "[0-9a-f]{40}";
  private static final String SHA256 = "[0-9a-f]{64}";

  /**
   * Reads a file.
   *
   * @param tag what it will be compared with
   */
  static ContentHashes of(Path file, @Nullable String tag) throws IOException {
    MessageDigest sha256 = Sha256.newDigest();
    boolean old = plain(tag).matches(SHA1);
    MessageDigest sha1 = sha1();
    MessageDigest git = sha1();
    git.update("blob %d\0".formatted(Files.size(file)).getBytes(StandardCharsets.US_ASCII));
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        sha256.update(chunk, 0, read);
        if (old) {
          sha1.update(chunk, 0, read);
          git.update(chunk, 0, read);
        }
      }
    }
    return new ContentHashes(hex(sha256), old ? List.of(hex(sha1), hex(git)) : List.of());
  }

  /** Whether a tag that is one of these kinds of hashes is one of these; other tags say nothing. */
  boolean areOf(@Nullable String tag) {
    String plain = plain(tag);
    return plain.matches(SHA256)
        ? plain.equals(sha256)
        : !plain.matches(SHA1) || others.contains(plain);
  }

  private static String plain(@Nullable String tag) {
    return tag == null
        ? ""
        : tag.replaceFirst("^W/", "").replace("\"", "").toLowerCase(Locale.ROOT);
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
