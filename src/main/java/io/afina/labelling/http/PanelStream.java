package io.afina.labelling.http;

import io.afina.event.Json;
import io.afina.http.Problem;
import io.afina.labelling.LearningPanel;
import io.afina.labelling.security.User;
import io.afina.lifecycle.Worker;
import io.javalin.http.sse.SseClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends the learning panel to every page that listens, when something changed and at most a few
 * times a second. A page that reads slowly misses some and holds up nobody.
 */
final class PanelStream implements AutoCloseable {

  private static final Duration EVERY = Duration.ofMillis(250);
  private static final Duration ALIVE = Duration.ofSeconds(15);
  private static final int MOST_LISTENERS = 500;
  private static final int SENDERS = 4;

  private final LearningPanel panel;
  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean dirty = new AtomicBoolean();
  private final ExecutorService senders = Worker.pool("afina-label-sender", SENDERS);
  private final Worker worker;
  private volatile boolean running = true;

  private record Listener(SseClient client, String user, AtomicBoolean busy) {}

  PanelStream(LearningPanel panel) {
    this.panel = panel;
    worker = new Worker("afina-label-events", this::pace, () -> running = false);
  }

  /** Sends the panel soon: something that it shows is different. */
  void changed() {
    dirty.set(true);
  }

  /**
   * Lets a page listen from now on, and sends it the panel at once.
   *
   * @throws Problem when too many do
   */
  void listen(SseClient client, User user) {
    if (listeners.size() >= MOST_LISTENERS) {
      throw Problem.later(503, "too-many-listeners", "too many pages listen", 30);
    }
    Listener listener = new Listener(client, user.name(), new AtomicBoolean());
    client.keepAlive();
    client.onClose(() -> listeners.remove(listener));
    listeners.add(listener);
    send(listener, true);
  }

  @Override
  public void close() {
    worker.close();
    senders.shutdownNow();
    listeners.forEach(listener -> listener.client().close());
  }

  private void pace() {
    long lastAlive = System.nanoTime();
    while (running) {
      boolean changed = dirty.getAndSet(false);
      boolean alive = System.nanoTime() - lastAlive > ALIVE.toNanos();
      if (changed || alive) {
        lastAlive = System.nanoTime();
        listeners.forEach(listener -> send(listener, changed));
      }
      pause();
    }
  }

  private void send(Listener listener, boolean whole) {
    if (listener.busy().compareAndSet(false, true)) {
      senders.execute(
          () -> {
            try {
              sendNow(listener, whole);
            } finally {
              listener.busy().set(false);
            }
          });
    }
  }

  private void sendNow(Listener listener, boolean whole) {
    if (listener.client().terminated()) {
      listeners.remove(listener);
    } else if (whole) {
      byte[] json = Json.write(panel.snapshot(listener.user()));
      listener.client().sendEvent("board", new String(json, StandardCharsets.UTF_8));
    } else {
      listener.client().sendComment("alive");
    }
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(EVERY.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
