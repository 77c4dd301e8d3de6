package io.afina.backbone.pool;

import io.afina.backbone.BackboneResolver;
import io.afina.backbone.PictureEmbedder;
import io.afina.config.AfinaConfig;
import io.afina.event.UnusableRecordException;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.lifecycle.Worker;
import io.afina.metrics.BatchMeters;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the backbones that a process has loaded, one of which answers: it embeds the pictures that
 * come. Any number of threads may embed while another backbone is loaded, takes over or leaves.
 */
public final class BackbonePool implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BackbonePool.class);

  /** Somebody may put the file there meanwhile. */
  private static final Duration RETRY_EVERY = Duration.ofSeconds(30);

  /** Characters of a refusal, which travels on a topic. */
  private static final int MOST_SAID = 1_000;

  private final Duration retryEvery;
  private final Function<@Nullable String, LoadedBackbone> loader;
  private final Map<String, LoadedBackbone> loaded = new HashMap<>();
  private final Map<String, String> refused = new TreeMap<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final PictureEmbedder whoever = new Answering();
  private final Worker worker;
  private Map<String, String> wanted = Map.of();
  private boolean asked;
  private boolean closed;
  private volatile LoadedBackbone answering;

  /** Whoever answers when a picture comes: never one that was unloaded. */
  private final class Answering implements PictureEmbedder {

    @Override
    public Embedded embed(byte[] picture, @Nullable String contentType)
        throws UnusableRecordException {
      LoadedBackbone backbone = enter();
      try {
        return backbone.entered().embed(picture, contentType);
      } finally {
        backbone.leave();
      }
    }

    @Override
    public CompletableFuture<Embedded> submit(byte[] picture, @Nullable String contentType)
        throws UnusableRecordException {
      LoadedBackbone backbone = enter();
      try {
        return backbone.entered().submit(picture, contentType);
      } finally {
        backbone.leave();
      }
    }

    @Override
    public int batchSize() {
      return answering.batchSize();
    }

    /** One that was closed has a successor, except at the very end. */
    private LoadedBackbone enter() {
      LoadedBackbone backbone = answering;
      while (!backbone.enter()) {
        LoadedBackbone successor = answering;
        if (successor == backbone) {
          throw new IllegalStateException("the backbones are closed");
        }
        backbone = successor;
      }
      return backbone;
    }
  }

  /**
   * Loads the backbone at an address, which answers.
   *
   * @param first an address as {@link BackboneResolver} takes it
   * @throws AfinaException when it cannot be loaded
   */
  public static BackbonePool open(AfinaConfig config, @Nullable String first, BatchMeters meters) {
    return new BackbonePool(
        address -> LoadedBackbone.load(config, address, meters), first, RETRY_EVERY);
  }

  BackbonePool(
      Function<@Nullable String, LoadedBackbone> loader,
      @Nullable String first,
      Duration retryEvery) {
    this.loader = loader;
    this.retryEvery = retryEvery;
    this.answering = loader.apply(first);
    add(answering);
    worker = new Worker("afina-backbones", this::run, this::stop);
  }

  synchronized void add(LoadedBackbone backbone) {
    loaded.put(backbone.backbone().id(), backbone);
    refused.remove(backbone.backbone().id());
    var unused =
        backbone
            .ended()
            .whenComplete(
                (nothing, thrown) -> {
                  if (thrown != null) {
                    ended.completeExceptionally(thrown);
                  }
                });
  }

  /**
   * Loads backbones in the background, and tries again every half minute where one cannot be.
   *
   * @param addresses of them, by their id; those that are loaded already stay as they are
   */
  public synchronized void want(Map<String, String> addresses) {
    if (!addresses.equals(wanted)) {
      wanted = Map.copyOf(addresses);
      refused.keySet().retainAll(wanted.keySet());
      asked = true;
      notifyAll();
    }
  }

  /** Why backbones that are wanted could not be loaded, by their id. */
  public synchronized Map<String, String> refused() {
    return Map.copyOf(refused);
  }

  /**
   * Frees a backbone, once nothing is embedded with it any more.
   *
   * @throws IllegalArgumentException when it answers
   */
  public void unload(String backbone) {
    LoadedBackbone old;
    synchronized (this) {
      if (answering.backbone().id().equals(backbone)) {
        throw new IllegalArgumentException("the backbone %s answers".formatted(backbone));
      }
      old = loaded.remove(backbone);
    }
    if (old != null) {
      old.close();
      LOG.atInfo().addKeyValue("name", old.backbone().card().name()).log("backbone unloaded");
    }
  }

  private void run() {
    try {
      while (awaitWork()) {
        missing().forEach(this::load);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until another is wanted, or one that was refused may be tried again. */
  private synchronized boolean awaitWork() throws InterruptedException {
    long end = System.nanoTime() + retryEvery.toNanos();
    while (!asked && !closed && (refused.isEmpty() || System.nanoTime() < end)) {
      wait(retryEvery.toMillis());
    }
    asked = false;
    return !closed;
  }

  private synchronized Map<String, String> missing() {
    Map<String, String> missing = new TreeMap<>(wanted);
    missing.keySet().removeAll(loaded.keySet());
    return missing;
  }

  private void load(String id, String address) {
    try {
      LoadedBackbone backbone = loader.apply(address);
      if (!backbone.backbone().id().equals(id)) {
        backbone.close();
        throw new AfinaException(
            ExitCode.BACKBONE,
            "%s is the backbone %.12s here, and %.12s is wanted: put the same file there on every machine"
                .formatted(address, backbone.backbone().id(), id));
      }
      add(backbone);
    } catch (RuntimeException | LinkageError e) {
      refuse(id, address, Objects.requireNonNullElse(e.getMessage(), e.toString()));
    }
  }

  private synchronized void refuse(String id, String address, String message) {
    String why = message.substring(0, Math.min(message.length(), MOST_SAID));
    if (wanted.containsKey(id) && !why.equals(refused.put(id, why))) {
      LOG.atWarn()
          .addKeyValue("address", address)
          .addKeyValue("why", why)
          .log("backbone cannot be loaded, it is tried again");
    }
  }

  private synchronized void stop() {
    closed = true;
    notifyAll();
  }

  /** The embedder of a backbone, if it is loaded; it refuses pictures once that is unloaded. */
  public synchronized Optional<PictureEmbedder> embedder(String backbone) {
    return Optional.ofNullable(loaded.get(backbone));
  }

  /** Embeds with the backbone that answers at the moment a picture comes. */
  public PictureEmbedder answering() {
    return whoever;
  }

  /** The loaded backbones, that which answers first. */
  public synchronized List<LoadedBackbone> loaded() {
    return loaded.values().stream()
        .sorted((a, b) -> Boolean.compare(b == answering, a == answering))
        .toList();
  }

  /** Lets another loaded backbone embed whatever comes from now on. */
  public synchronized void answer(String backbone) {
    answering = Objects.requireNonNull(loaded.get(backbone), "not loaded");
  }

  /** Completes exceptionally when a backbone cannot go on. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public void close() {
    worker.close();
    try (Closer closer = new Closer()) {
      loaded().forEach(closer::own);
    }
  }
}
