package io.afina.kafka;

import io.afina.lifecycle.AfinaException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/** Writing under a transactional id that another process may take over at any moment. */
public final class Fencing {

  private static final int MOST_ATTEMPTS = 10;

  /** At most, before the second attempt; before each further one it grows by that. */
  private static final Duration PAUSE = Duration.ofMillis(500);

  private Fencing() {}

  /**
   * Makes a change; once more when somebody else fenced the writer meanwhile.
   *
   * @param change opens a writer of its own each time
   * @throws KafkaException as the change does, or when it was fenced ten times
   */
  public static <T> T retry(Supplier<T> change) {
    for (int attempt = 1; ; attempt++) {
      try {
        return change.get();
      } catch (KafkaException e) {
        boolean fenced =
            AfinaException.isCausedBy(
                e, ProducerFencedException.class, InvalidProducerEpochException.class);
        if (!fenced || attempt == MOST_ATTEMPTS) {
          throw e;
        }
        // By chance, as two who begin anew together would only fence each other again.
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(attempt * PAUSE.toNanos()));
      }
    }
  }
}
