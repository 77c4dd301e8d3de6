package io.afina.backbone.pool;

import io.afina.backbone.Backbone;
import io.afina.backbone.BackboneModel;
import io.afina.backbone.BackboneResolver;
import io.afina.backbone.DecodingEmbedder;
import io.afina.backbone.Embedder;
import io.afina.backbone.PictureEmbedder;
import io.afina.config.AfinaConfig;
import io.afina.event.UnusableRecordException;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.metrics.BatchMeters;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A backbone in memory with its embedder. Its weights are native memory, which an engine must not
 * lose while it computes: closing waits for what is under way, and lets nobody in any more.
 */
public final class LoadedBackbone implements PictureEmbedder, AutoCloseable {

  /** An engine prepares itself for a network in its first runs, for longer than a picture takes. */
  private static final int WARM_UP_RUNS = 4;

  private final String address;
  private final Backbone backbone;
  private final PictureEmbedder embedder;
  private final CompletableFuture<Void> ended;
  private final AutoCloseable release;

  /** Read while a picture is embedded, written when it is closed. */
  private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

  private boolean closed;

  /**
   * Takes what was loaded.
   *
   * @param address where it is, for every process of this machine
   * @param ended completes exceptionally when the embedder cannot go on
   * @param release frees it, once nothing is embedded any more
   */
  LoadedBackbone(
      String address,
      Backbone backbone,
      PictureEmbedder embedder,
      CompletableFuture<Void> ended,
      AutoCloseable release) {
    this.address = address;
    this.backbone = backbone;
    this.embedder = embedder;
    this.ended = ended;
    this.release = release;
  }

  /**
   * Loads a backbone and runs it until it is as fast as it will be.
   *
   * @param address as {@link BackboneResolver} takes it
   * @throws AfinaException when there is none, the device is missing, the file is damaged, or does
   *     not give what its card says
   */
  static LoadedBackbone load(AfinaConfig config, @Nullable String address, BatchMeters meters) {
    Backbone backbone = new BackboneResolver(config.backbone()).resolve(address);
    Closer closer = new Closer();
    try {
      BackboneModel model =
          closer.own(
              BackboneModel.load(
                  backbone, config.backbone().engineThreads(), config.backbone().device()));
      warmUp(model);
      DecodingEmbedder pictures = closer.own(new DecodingEmbedder(config, model, meters));
      return new LoadedBackbone(
          BackboneResolver.absolute(address), backbone, pictures, pictures.ended(), closer);
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  private static void warmUp(BackboneModel model) {
    float[] picture = new float[model.backbone().card().input().numbers()];
    try (Embedder embedder = model.newEmbedder()) {
      for (int i = 0; i < WARM_UP_RUNS; i++) {
        embedder.embed(picture);
      }
    }
  }

  /** Where it was loaded from. */
  public String address() {
    return address;
  }

  /** The backbone that computes the embeddings. */
  public Backbone backbone() {
    return backbone;
  }

  /** Completes exceptionally when nothing can be embedded any more. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** Whether it may be used, and stays until {@link #leave}; not when it was closed before. */
  boolean enter() {
    use.readLock().lock();
    if (closed) {
      use.readLock().unlock();
    }
    return !closed;
  }

  void leave() {
    use.readLock().unlock();
  }

  /** The embedder, for whoever has entered. */
  PictureEmbedder entered() {
    return embedder;
  }

  @Override
  public int batchSize() {
    return embedder.batchSize();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException when the backbone was unloaded before
   */
  @Override
  public Embedded embed(byte[] picture, @Nullable String contentType)
      throws UnusableRecordException {
    requireEntered();
    try {
      return embedder.embed(picture, contentType);
    } finally {
      leave();
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException when the backbone was unloaded before
   */
  @Override
  public CompletableFuture<Embedded> submit(byte[] picture, @Nullable String contentType)
      throws UnusableRecordException {
    requireEntered();
    try {
      return embedder.submit(picture, contentType);
    } finally {
      leave();
    }
  }

  private void requireEntered() {
    if (!enter()) {
      throw new IllegalStateException(
          "the backbone %.12s is not loaded any more".formatted(backbone.id()));
    }
  }

  /** Waits for what is under way. */
  @Override
  public void close() {
    use.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        release.close();
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      use.writeLock().unlock();
    }
  }
}
