package io.afina.kafka;

import io.afina.lifecycle.Worker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;

/**
 * Notices a process that gets nowhere though nothing keeps it: a thread of its consumers that does
 * not come back, a partition of its own that stands still while another reader gets its next
 * record, a group that it does not become part of; and a topic that was deleted and made anew, of
 * which its consumers get nothing. Time counts only while the cluster answers and this process
 * runs, so that neither a broker that is away nor a process that was stopped for a while is taken
 * for it.
 */
public final class ProgressWatch implements AutoCloseable {

  private static final Duration TICK = Duration.ofSeconds(5);

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final LagMonitor lag;
  private final Map<String, Uuid> topicIds = new HashMap<>();
  private final Worker worker;

  /**
   * Starts it.
   *
   * @param bound how long a thread may take for what one poll brought, or a partition for its next
   *     record; twice that for a process that is not running, since a group waits that long for the
   *     slowest of its members
   * @param report told, in words, what has lasted too long; once
   */
  public ProgressWatch(
      Duration bound, LagMonitor lag, ProgressSigns signs, Consumer<String> report) {
    this.lag = lag;
    worker = new Worker("afina-progress", () -> run(bound, signs, report), this::stop);
  }

  private void stop() {
    stopped.countDown();
    lag.stop();
  }

  @Override
  public void close() {
    worker.close();
  }

  private void run(Duration bound, ProgressSigns signs, Consumer<String> report) {
    Progress progress = new Progress(bound);
    try {
      Optional<String> stalled = madeAnew();
      while (stalled.isEmpty() && !stopped.await(TICK.toSeconds(), TimeUnit.SECONDS)) {
        stalled = madeAnew();
        if (stalled.isEmpty() && lag.isAnswered()) {
          stalled = progress.observe(TICK, signs.sight(), lag.standing());
        } else {
          progress.forget();
        }
      }
      stalled.ifPresent(
          why -> {
            signs.logThreads();
            report.accept(why);
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<String> madeAnew() throws InterruptedException {
    Optional<String> other = Optional.empty();
    for (Map.Entry<String, Uuid> topic : lag.topicIds().entrySet()) {
      Uuid before = topicIds.putIfAbsent(topic.getKey(), topic.getValue());
      if (before != null && !before.equals(topic.getValue())) {
        other = Optional.of("the topic %s was deleted and made anew".formatted(topic.getKey()));
      }
    }
    return other;
  }
}
