package io.afina.backbone.pool;

import io.afina.backbone.BackboneResolver;
import io.afina.backbone.PictureEmbedder;
import io.afina.config.AfinaConfig;
import io.afina.event.UnusableRecordException;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.metrics.BatchMeters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Holds the backbones that a process has loaded, one of which answers: it embeds the pictures that
 * come. Any number of threads may embed while another backbone is loaded, takes over or leaves.
 */
public final class BackbonePool implements AutoCloseable {

  private final Closer closer = new Closer();
  private final Function<@Nullable String, LoadedBackbone> loader;
  private final Map<String, LoadedBackbone> loaded = new HashMap<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final PictureEmbedder whoever = new Answering();
  private volatile LoadedBackbone answering;

  /** Whoever answers when a picture comes: never one that was unloaded. */
  private final class Answering implements PictureEmbedder {

    @Override
    public Embedded embed(byte[] picture, @Nullable String contentType)
        throws UnusableRecordException {
      LoadedBackbone backbone = enter();
      try {
        return backbone.embed(picture, contentType);
      } finally {
        backbone.leave();
      }
    }

    @Override
    public CompletableFuture<Embedded> submit(byte[] picture, @Nullable String contentType)
        throws UnusableRecordException {
      LoadedBackbone backbone = enter();
      try {
        return backbone.submit(picture, contentType);
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
  public static BackbonePool open(
      AfinaConfig config, @Nullable String first, BatchMeters meters) {
    BackboneResolver resolver = new BackboneResolver();
    return new BackbonePool(
        address -> LoadedBackbone.load(config, resolver.resolve(address), meters), first);
  }

  BackbonePool(Function<@Nullable String, LoadedBackbone> loader, @Nullable String first) {
    this.loader = loader;
    this.answering = add(loader.apply(first));
  }

  private synchronized LoadedBackbone add(LoadedBackbone backbone) {
    closer.own(backbone);
    loaded.put(backbone.backbone().id(), backbone);
    backbone
        .ended()
        .whenComplete(
            (nothing, thrown) -> {
              if (thrown != null) {
                ended.completeExceptionally(thrown);
              }
            });
    return backbone;
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
    closer.close();
  }
}
