package io.afina.classifier.join;

import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** How clients choose the partition of a key. */
public enum Partitioner {
  /** Java's clients, and others that were told so: murmur2. */
  KAFKA,
  /** librdkafka, and so kcat, Python, Go, .NET and Rust on it: {@code consistent_random}, CRC32. */
  LIBRDKAFKA,
  /** Sarama: FNV-1a of 32 bits, as a signed number whose sign is dropped after the division. */
  SARAMA,
  /** Somebody who names partitions, whatever the key. */
  IN_TURN;

  private static final int FNV_OFFSET = 0x811c9dc5;
  private static final int FNV_PRIME = 0x01000193;

  /**
   * The partition of a record, or null for what Kafka's producer chooses.
   *
   * @param number of the record among those of its client
   */
  public @Nullable Integer partition(byte[] key, int number, int partitions) {
    return switch (this) {
      case KAFKA -> null;
      case LIBRDKAFKA -> {
        CRC32 crc = new CRC32();
        crc.update(key);
        yield (int) (crc.getValue() % partitions);
      }
      case SARAMA -> {
        int hash = FNV_OFFSET;
        for (byte each : key) {
          hash = (hash ^ (each & 0xff)) * FNV_PRIME;
        }
        yield Math.abs(hash % partitions);
      }
      case IN_TURN -> number % partitions;
    };
  }
}
