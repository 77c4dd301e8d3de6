package io.afina.kafka;

import io.afina.lifecycle.AfinaException;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.protocol.Errors;

/** Knows the errors of a Kafka client after which a new one may succeed. */
public final class PassingErrors {

  private PassingErrors() {}

  /**
   * Whether an error, or anything that caused it, is a broker's that is away or failed at a request
   * (seen where a transaction's coordinator had been stopped and went on); the client gives up
   * then, and whether its transaction was committed is known to the next one.
   */
  public static boolean isCauseOf(Throwable thrown) {
    return AfinaException.isCausedBy(thrown, RetriableException.class, UnknownServerException.class)
        || Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
            .anyMatch(PassingErrors::saysServerFailed);
  }

  /** The transactional producer tells it by the text alone. */
  private static boolean saysServerFailed(Throwable thrown) {
    return thrown instanceof KafkaException
        && String.valueOf(thrown.getMessage()).contains(Errors.UNKNOWN_SERVER_ERROR.message());
  }
}
