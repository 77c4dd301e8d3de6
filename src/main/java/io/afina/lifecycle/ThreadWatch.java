package io.afina.lifecycle;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the threads of the process until it is closed: it is told when a {@link Worker} failed,
 * and when any other thread died of an {@code Error}, such as one of a library.
 */
public final class ThreadWatch implements UncaughtExceptionHandler, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ThreadWatch.class);

  private final CompletableFuture<Void> failed = new CompletableFuture<>();
  private final @Nullable UncaughtExceptionHandler before =
      Thread.getDefaultUncaughtExceptionHandler();

  /** Begins: it is the JVM's handler of what no thread catches. */
  public ThreadWatch() {
    Thread.setDefaultUncaughtExceptionHandler(this);
  }

  /** Completes exceptionally when a thread cannot go on; never otherwise. */
  public CompletableFuture<Void> failed() {
    return failed;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    LOG.atError().addKeyValue("role", thread.getName()).setCause(thrown).log("thread died");
    if (thrown instanceof Error) {
      failed.completeExceptionally(thrown);
    }
  }

  @Override
  public void close() {
    Thread.setDefaultUncaughtExceptionHandler(before);
  }

  /** Tells whoever watches, if somebody does, that a thread cannot go on. */
  static void tell(Throwable thrown) {
    if (Thread.getDefaultUncaughtExceptionHandler() instanceof ThreadWatch watch) {
      watch.failed.completeExceptionally(thrown);
    }
  }
}
