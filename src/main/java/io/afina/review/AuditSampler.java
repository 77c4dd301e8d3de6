package io.afina.review;

import io.afina.event.Prediction.Position;
import io.afina.event.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Samples a share of the image events uniformly at random, by a hash of the event's position and
 * id. Nothing that is known of the picture enters, nor what was sampled before; an event that is
 * processed again after a crash gets the same decision again.
 *
 * @param share of the events, 0 to 1
 */
record AuditSampler(double share, long seed) {

  boolean samples(String id, Position at) {
    return share > 0 && fraction(id, at) < share;
  }

  private double fraction(String id, Position at) {
    byte[] name = id.getBytes(StandardCharsets.UTF_8);
    return Sha256.fraction(
        ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES + name.length)
            .putLong(seed)
            .putInt(at.partition())
            .putLong(at.offset())
            .put(name)
            .array());
  }
}
