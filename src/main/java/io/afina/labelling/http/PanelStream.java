package io.afina.labelling.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.afina.event.Json;
import io.afina.http.Problem;
import io.afina.labelling.LearningPanel;
import io.afina.labelling.security.User;
import io.afina.lifecycle.Worker;
import io.javalin.http.sse.SseClient;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends the learning panel to every page that listens, at most a few times a second: first all of
 * it, then what is different. It is gathered once for all of them. A page that reads slowly gets
 * fewer and holds up nobody.
 */
final class PanelStream implements AutoCloseable {

  private static final Duration EVERY = Duration.ofMillis(250);
  private static final Duration ALIVE = Duration.ofSeconds(15);
  private static final int MOST_LISTENERS = 500;
  private static final int SENDERS = 4;

  private final LearningPanel panel;
  private final LongSupplier images;
  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean dirty = new AtomicBoolean();
  private final ExecutorService senders = Worker.pool("afina-label-sender", SENDERS);
  private final Worker worker;
  private volatile Panel latest;
  private volatile boolean running = true;

  /** What the panel shows, the first, second … time that it was gathered. */
  private record Panel(long number, ObjectNode fields) {}

  /** A page, and what it was sent last; used by one sender at a time. */
  private static final class Listener {

    final SseClient client;
    final String user;
    final AtomicBoolean busy = new AtomicBoolean();
    volatile long seen;
    private @Nullable ObjectNode sent;

    Listener(SseClient client, String user) {
      this.client = client;
      this.user = user;
    }

    /** What is different from what it was sent last, and is now taken as sent. */
    ObjectNode news(ObjectNode now) {
      ObjectNode before = sent;
      sent = now;
      ObjectNode news = now.deepCopy();
      if (before != null) {
        before.properties().stream()
            .filter(field -> field.getValue().equals(now.get(field.getKey())))
            .forEach(field -> news.remove(field.getKey()));
      }
      return news;
    }
  }

  /**
   * @param images how often images came, which tells a page that lists them to ask again
   */
  PanelStream(LearningPanel panel, LongSupplier images) {
    this.panel = panel;
    this.images = images;
    latest = gather(1);
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
    Listener listener = new Listener(client, user.name());
    client.keepAlive();
    client.onClose(() -> listeners.remove(listener));
    listeners.add(listener);
    send(listener, false);
  }

  @Override
  public void close() {
    worker.close();
    senders.shutdownNow();
    listeners.forEach(listener -> listener.client.close());
  }

  private void pace() {
    long lastAlive = System.nanoTime();
    while (running) {
      if (dirty.getAndSet(false)) {
        latest = gather(latest.number() + 1);
      }
      boolean alive = System.nanoTime() - lastAlive > ALIVE.toNanos();
      if (alive) {
        lastAlive = System.nanoTime();
      }
      for (Listener listener : listeners) {
        if (alive || listener.seen < latest.number()) {
          send(listener, alive);
        }
      }
      pause();
    }
  }

  private Panel gather(long number) {
    ObjectNode fields = Json.read(Json.write(panel.snapshot()), ObjectNode.class);
    return new Panel(number, fields.put("images", images.getAsLong()));
  }

  private void send(Listener listener, boolean alive) {
    if (listener.busy.compareAndSet(false, true)) {
      senders.execute(
          () -> {
            try {
              sendNow(listener, alive);
            } finally {
              listener.busy.set(false);
            }
          });
    }
  }

  private void sendNow(Listener listener, boolean alive) {
    if (listener.client.terminated()) {
      listeners.remove(listener);
      return;
    }
    Panel now = latest;
    if (listener.seen < now.number()) {
      listener.seen = now.number();
      ObjectNode news =
          listener.news(now.fields().deepCopy().put("mine", panel.mine(listener.user)));
      if (!news.isEmpty()) {
        listener.client.sendEvent("board", news.toString());
        return;
      }
    }
    if (alive) {
      listener.client.sendComment("alive");
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
