package io.afina.erasure;

import org.apache.kafka.common.TopicPartition;

/**
 * A record that is about one of the images, or names one.
 *
 * @param partition where it is
 * @param offset in that partition
 * @param timestamp of the record, milliseconds since 1970
 * @param key of the record, a character a byte
 * @param kind what of the image is in it
 */
public record Occurrence(
    TopicPartition partition, long offset, long timestamp, String key, Kind kind) {

  /** What of an image is in a record. */
  public enum Kind {
    /** Its id is the key, and there is a value. */
    DATA,
    /** Its id is the key, and the value is null: a tombstone, or a withdrawal. */
    TOMBSTONE,
    /** Its id is in the value of a record with another key. */
    NAMED,
    /** A head of which one landmark is its embedding. */
    LANDMARK
  }
}
