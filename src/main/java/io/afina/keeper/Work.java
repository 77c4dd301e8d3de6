package io.afina.keeper;

import io.afina.classifier.join.Stray;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a {@link GroupWorker} does for each record. It may do it again: the join takes what comes a
 * second time for what it is.
 */
interface Work extends AutoCloseable {

  /** What became of a record. */
  enum Outcome {
    /** Sent to the home of its image. */
    SENT,
    /** There is nothing to do for it. */
    NOTHING,
    /** It must wait for something else. */
    HELD,
    /** The picture, or what it depends on, is not there at the moment. */
    LATER,
    /** The picture is not there any more. */
    GONE,
    /** The picture cannot be decoded or embedded. */
    UNUSABLE,
    /** The record is none of its topic. */
    MALFORMED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Does it.
   *
   * @param home takes what is to be sent, by image id
   */
  Outcome take(ConsumerRecord<String, byte[]> record, BiConsumer<String, Stray> home);

  /**
   * Called when no record waits, and when many are held: does what they wait for.
   *
   * @return whether nothing is held any more
   */
  default boolean release(BiConsumer<String, Stray> home) {
    return true;
  }

  @Override
  default void close() {}
}
