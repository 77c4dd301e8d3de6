package io.afina.backbone;

import io.afina.lifecycle.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the backbone on pictures of several threads at once. Every thread hands in one picture and
 * waits for its embedding, so a batch is at most as large as the number of threads, nothing queues,
 * and no picture is ahead of the transaction that its offset is in.
 */
public final class EmbeddingBatcher implements AutoCloseable {

  private static final Duration IDLE = Duration.ofMillis(100);

  private final Engine engine;
  private final int size;
  private final long waitNanos;
  private final IntConsumer sizes;
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final Worker worker;

  /** What the thread has taken and not answered; its own, but for those who come after its end. */
  private volatile List<Request> taken = List.of();

  private volatile @Nullable Throwable failure;
  private volatile boolean over;

  /** Runs a batch; called by one thread. */
  public interface Engine extends AutoCloseable {

    /** Computes one embedding a picture, in their order. */
    float[][] embed(List<float[]> pictures);

    @Override
    void close();
  }

  private record Request(float[] picture, CompletableFuture<float[]> embedding) {}

  /**
   * Starts it.
   *
   * @param engine owned from here on
   * @param size pictures in a batch at most
   * @param wait how long the first picture of a batch waits for others
   * @param sizes told how many pictures the engine is given at once
   */
  public EmbeddingBatcher(Engine engine, int size, Duration wait, IntConsumer sizes) {
    this.engine = engine;
    this.size = size;
    this.waitNanos = wait.toNanos();
    this.sizes = sizes;
    this.worker = new Worker("afina-batcher", this::run, () -> running.set(false));
  }

  /**
   * The embedding of one picture, computed together with others.
   *
   * @throws EngineFailureException when the engine fails on this picture, not on another of its
   *     batch
   * @throws IllegalStateException when the batcher's thread has ended
   */
  public float[] embed(float[] picture) {
    Request request = new Request(picture, new CompletableFuture<>());
    requests.add(request);
    if (over) {
      refuse();
    }
    try {
      return request.embedding().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof EngineFailureException engine) {
        throw engine;
      }
      throw new IllegalStateException("no batch is computed any more: " + e.getCause(), e);
    }
  }

  /** Completes when its thread ended, exceptionally when it failed: nothing is computed then. */
  public CompletableFuture<Void> ended() {
    return worker.ended();
  }

  @Override
  public void close() {
    worker.close();
    engine.close();
  }

  private void run() {
    try {
      while (running.get() || !requests.isEmpty()) {
        List<Request> batch = collect();
        if (!batch.isEmpty()) {
          answer(batch);
        }
      }
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      over = true;
      refuse();
    }
  }

  /** Nobody waits for a thread that is gone. */
  private void refuse() {
    IllegalStateException gone = new IllegalStateException("the batcher has ended", failure);
    taken.forEach(request -> request.embedding().completeExceptionally(gone));
    for (Request next = requests.poll(); next != null; next = requests.poll()) {
      next.embedding().completeExceptionally(gone);
    }
  }

  private List<Request> collect() {
    List<Request> batch = new ArrayList<>(size);
    taken = batch;
    Request first = poll(IDLE.toNanos());
    long deadline = System.nanoTime() + waitNanos;
    for (Request next = first; next != null; next = poll(deadline - System.nanoTime())) {
      batch.add(next);
      if (batch.size() == size) {
        break;
      }
    }
    return batch;
  }

  private @Nullable Request poll(long nanos) {
    try {
      return requests.poll(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running.set(false);
      return null;
    }
  }

  /** A batch that fails is run again picture by picture, so that only the one at fault suffers. */
  private void answer(List<Request> batch) {
    sizes.accept(batch.size());
    try {
      float[][] embeddings = engine.embed(batch.stream().map(Request::picture).toList());
      for (int i = 0; i < embeddings.length; i++) {
        batch.get(i).embedding().complete(embeddings[i]);
      }
    } catch (EngineFailureException e) {
      if (batch.size() == 1) {
        batch.get(0).embedding().completeExceptionally(e);
      } else {
        batch.forEach(request -> answer(List.of(request)));
      }
    } catch (RuntimeException | Error e) {
      batch.forEach(request -> request.embedding().completeExceptionally(e));
      throw e;
    }
  }
}
