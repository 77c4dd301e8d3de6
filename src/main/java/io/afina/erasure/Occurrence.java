package io.afina.erasure;

import org.apache.kafka.common.TopicPartition;

/**
 * A record that has what is sought: images, or what a labeller said of images.
 *
 * @param partition where it is
 * @param offset in that partition
 * @param timestamp of the record, milliseconds since 1970
 * @param key of the record, a character a byte
 * @param kind what of it is in the record
 */
public record Occurrence(
    TopicPartition partition, long offset, long timestamp, String key, Kind kind) {

  /** What of what is sought is in a record. */
  public enum Kind {
    /**
     * Data: the image's id is the key and there is a value, or the value has the labeller's word.
     */
    DATA,
    /** The end of data: a tombstone, a withdrawal, or a later value of the key without the name. */
    TOMBSTONE,
    /** The id or the name, in a record that is about more than one image. */
    NAMED,
    /** A head of which one landmark is the embedding of an image that is sought. */
    LANDMARK
  }
}
