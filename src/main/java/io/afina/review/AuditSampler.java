package io.afina.review;

import io.afina.event.Prediction.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Draws a share of the image events by chance: a hash of where the event is and of its id. Nothing
 * that is known of the picture enters, nor what was asked before; an event that is processed again
 * after a crash is drawn again or not again, so that no crash gives it a second chance.
 */
record AuditSampler(double share, long seed) {

  boolean isDrawn(String id, Position at) {
    return share > 0 && number(id, at) < share;
  }

  /** From 0 to 1, evenly. */
  private double number(String id, Position at) {
    byte[] name = id.getBytes(StandardCharsets.UTF_8);
    byte[] event =
        ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES + name.length)
            .putLong(seed)
            .putInt(at.partition())
            .putLong(at.offset())
            .put(name)
            .array();
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(event);
      return (ByteBuffer.wrap(digest).getLong() >>> 11) * 0x1p-53;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
