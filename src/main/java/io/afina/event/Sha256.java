package io.afina.event;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes by SHA-256: as hex, or as a number that samples evenly and alike on every machine. */
public final class Sha256 {

  private Sha256() {}

  /** A new digest, for what comes in parts. */
  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The hash in lower-case hex. */
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(newDigest().digest(bytes));
  }

  /** The first 53 bits of the hash as a fraction, uniform from 0 to below 1. */
  public static double fraction(byte[] bytes) {
    return (ByteBuffer.wrap(newDigest().digest(bytes)).getLong() >>> 11) * 0x1p-53;
  }
}
