package io.afina.classifier;

import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a stream thread commits. A transaction costs as much as a picture or two, so it is
 * ended soon only where somebody gains by it: predictions of pictures that hardly waited become
 * visible after a short interval, and while pictures queue, Kafka Streams' own, longer interval
 * applies.
 */
final class CommitPace {

  private static final int CHECKS_PER_INTERVAL = 5;

  private final Duration interval;
  private final long patience;

  /** A commit is of all tasks of a thread. */
  private final ThreadLocal<Long> lastCommit = ThreadLocal.withInitial(() -> 0L);

  /**
   * @param interval between two commits while pictures hardly wait
   * @param busy between two commits while they queue, and how long a picture must have waited for
   *     that
   */
  CommitPace(Duration interval, Duration busy) {
    this.interval = interval;
    this.patience = busy.toMillis();
  }

  /** The pace of one task, called by its thread only. */
  Task start(ProcessorContext<?, ?> context) {
    return new Task(context);
  }

  final class Task {

    private final ProcessorContext<?, ?> context;
    private long lastPicture;
    private boolean behind;
    private @Nullable Cancellable checks;

    private Task(ProcessorContext<?, ?> context) {
      this.context = context;
    }

    /** A picture was classified that had waited for so many milliseconds. */
    void classified(long waited) {
      lastPicture = context.currentSystemTimeMs();
      behind = waited > patience;
      if (!behind && checks == null) {
        checks =
            context.schedule(
                Duration.ofMillis(Math.max(1, interval.toMillis() / CHECKS_PER_INTERVAL)),
                PunctuationType.WALL_CLOCK_TIME,
                this::commitWhenDue);
      }
    }

    private void commitWhenDue(long now) {
      long last = lastCommit.get();
      if (behind || lastPicture < last) {
        rest();
      } else if (now - last >= interval.toMillis()) {
        lastCommit.set(now + 1);
        context.commit();
        rest();
      }
    }

    /**
     * Ends the checks until the next picture. To Kafka Streams, a task that is punctuated has
     * something to commit: a punctuator that goes on would make an idle one commit for ever.
     */
    private void rest() {
      Objects.requireNonNull(checks).cancel();
      checks = null;
    }
  }
}
