package io.afina.lifecycle;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One named thread that runs a loop until it is closed. Closing asks the loop to stop, waits for
 * it, and only then releases what the loop used. How it ended is in {@link #ended()}; a loop that
 * fails is told to the {@link ThreadWatch} too. All threads of Afina are started here.
 */
public final class Worker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Thread thread;
  private final Runnable stop;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** One for all who ask: a copy for each would hang on the other for as long as the loop runs. */
  private final CompletableFuture<Void> shown = ended.copy();

  /**
   * Starts the thread.
   *
   * @param role the thread's name
   * @param loop runs until {@code stop} was called; may throw
   * @param stop makes the loop return soon; called from other threads
   */
  public Worker(String role, Runnable loop, Runnable stop) {
    this.stop = stop;
    this.thread = daemon(role, () -> run(loop));
    thread.start();
  }

  /** Completes when the loop returned, exceptionally when it threw. */
  public CompletableFuture<Void> ended() {
    return shown;
  }

  @Override
  public void close() {
    stop.run();
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOG.atWarn()
          .addKeyValue("role", thread.getName())
          .addKeyValue("patience", PATIENCE)
          .log("thread did not stop");
    }
  }

  /**
   * So many daemon threads of one name that do what they are given. A task that throws an exception
   * is said in the log, or its future holds it; an {@code Error} is told to the {@link
   * ThreadWatch}.
   */
  public static ExecutorService pool(String role, int threads) {
    return Executors.newFixedThreadPool(
        threads,
        task -> {
          Thread thread = daemon(role, task);
          thread.setUncaughtExceptionHandler(Worker::taskFailed);
          return thread;
        });
  }

  private static void taskFailed(Thread thread, Throwable thrown) {
    LOG.atError().addKeyValue("role", thread.getName()).setCause(thrown).log("task failed");
    if (thrown instanceof Error) {
      ThreadWatch.tell(thrown);
    }
  }

  private static Thread daemon(String role, Runnable task) {
    Thread thread = new Thread(task, role);
    thread.setDaemon(true);
    return thread;
  }

  private void run(Runnable loop) {
    try {
      loop.run();
      ended.complete(null);
    } catch (RuntimeException | Error e) {
      LOG.atError().addKeyValue("role", thread.getName()).setCause(e).log("thread failed");
      ended.completeExceptionally(e);
      ThreadWatch.tell(e);
    }
  }
}
