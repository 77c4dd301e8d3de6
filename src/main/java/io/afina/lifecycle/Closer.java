package io.afina.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns what was started, and closes it in reverse order. The first failure is thrown with the later
 * ones suppressed. What arrives after the closing is closed at once and refused.
 */
public final class Closer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Closer.class);

  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private boolean closed;

  /** One that also closes when the process is stopped: by SIGTERM, by Ctrl-C. */
  public static Closer untilTheProcessEnds() {
    Closer closer = new Closer();
    Runtime.getRuntime().addShutdownHook(new Thread(closer::closeAtLast, "afina-shutdown"));
    return closer;
  }

  /** What another thread still uses may not let itself be closed: the process ends anyway. */
  private void closeAtLast() {
    try {
      close();
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("why", e.toString()).log("not all could be closed");
    }
  }

  /** Takes ownership and gives the thing back, so that it reads {@code closer.own(new Thing())}. */
  public synchronized <T extends AutoCloseable> T own(T thing) {
    if (closed) {
      IllegalStateException late = new IllegalStateException("closed already: " + thing);
      close(thing, late);
      throw late;
    }
    owned.push(thing);
    return thing;
  }

  @Override
  public synchronized void close() {
    closed = true;
    RuntimeException first = null;
    while (!owned.isEmpty()) {
      first = close(owned.pop(), first);
    }
    if (first != null) {
      throw first;
    }
  }

  private static @Nullable RuntimeException close(
      AutoCloseable thing, @Nullable RuntimeException first) {
    try {
      thing.close();
      return first;
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      if (first == null) {
        return e instanceof RuntimeException known ? known : new IllegalStateException(e);
      }
      first.addSuppressed(e);
      return first;
    }
  }
}
