package io.afina.backbone;

import io.afina.event.UnusableRecordException;
import io.afina.lifecycle.Worker;
import io.afina.picture.tensor.PictureInput;
import io.afina.picture.tensor.PictureTensor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the backbone on pictures of several threads at once. It has the memory of two batches: one
 * is filled while the engine reads the other, and whoever has a picture when both are full waits.
 */
public final class EmbeddingBatcher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddingBatcher.class);

  private final Engine engine;
  private final EngineAttempts attempts;
  private final int size;
  private final long waitNanos;
  private final IntConsumer sizes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Worker worker;

  private Batch filling;
  private Batch other;
  private boolean running = true;
  private boolean over;
  private @Nullable Throwable failure;

  /** Runs a batch; called by one thread. */
  public interface Engine extends AutoCloseable {

    /**
     * Computes one embedding a picture, in their order.
     *
     * @throws EngineFailureException when it fails, or a number is not finite
     */
    float[][] embed(PictureBatch pictures);

    @Override
    void close();
  }

  /** Pictures that were copied to where the engine reads them. */
  private static final class Batch {

    private final ByteBuffer memory;
    private final int bytesEach;
    private final List<CompletableFuture<float[]>> embeddings = new ArrayList<>();
    private long since;

    Batch(int size, int bytesEach) {
      this.memory = PictureBatch.memory(size, bytesEach);
      this.bytesEach = bytesEach;
    }

    CompletableFuture<float[]> add(PictureTensor picture) {
      if (embeddings.isEmpty()) {
        since = System.nanoTime();
      }
      memory.put(embeddings.size() * bytesEach, picture.bytes(), 0, bytesEach);
      CompletableFuture<float[]> embedding = new CompletableFuture<>();
      embeddings.add(embedding);
      return embedding;
    }

    PictureBatch pictures(int size) {
      return new PictureBatch(memory, size).part(0, embeddings.size());
    }

    /**
     * The same, with the first picture again and again up to a power of two: an engine on a GPU
     * prepares itself for every size of a batch, for longer than the pictures take.
     */
    PictureBatch padded(int size) {
      int wanted = Math.min(size, Integer.highestOneBit(2 * embeddings.size() - 1));
      for (int i = embeddings.size(); i < wanted; i++) {
        memory.put(i * bytesEach, memory, 0, bytesEach);
      }
      return new PictureBatch(memory, size).part(0, wanted);
    }

    int size() {
      return embeddings.size();
    }
  }

  /**
   * Starts it, with all the memory that it will need.
   *
   * @param engine owned from here on
   * @param input the form of a picture
   * @param size pictures in a batch at most
   * @param wait how long the first picture of a batch waits for others
   * @param attempts how often the engine is asked about a picture on which it fails
   * @param sizes told how many pictures the engine is given at once
   */
  public EmbeddingBatcher(
      Engine engine, PictureInput input, int size, Duration wait, int attempts, IntConsumer sizes) {
    this.engine = engine;
    this.attempts = new EngineAttempts(attempts);
    this.size = size;
    this.waitNanos = wait.toNanos();
    this.sizes = sizes;
    this.filling = new Batch(size, input.numbers() * Float.BYTES);
    this.other = new Batch(size, input.numbers() * Float.BYTES);
    this.worker = new Worker("afina-batcher", this::run, this::stop);
  }

  /**
   * Takes a picture into the next batch; waits while that is full and the one before is computed.
   *
   * @param picture copied: the caller may use its memory again
   * @return completes with the embedding; with an {@link UnusableRecordException} when the engine
   *     fails on this picture, not on another of its batch; with an {@link IllegalStateException}
   *     when the batcher's thread has ended
   * @throws IllegalStateException when the batcher's thread has ended
   */
  public CompletableFuture<float[]> submit(PictureTensor picture) {
    lock.lock();
    try {
      while (!over && filling.size() == size) {
        changed.awaitUninterruptibly();
      }
      if (over) {
        throw gone();
      }
      CompletableFuture<float[]> embedding = filling.add(picture);
      changed.signalAll();
      return embedding;
    } finally {
      lock.unlock();
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

  private void stop() {
    lock.lock();
    try {
      running = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      for (Batch batch = take(); batch != null; batch = take()) {
        answer(batch);
        batch.embeddings.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      refuse();
    }
  }

  private IllegalStateException gone() {
    return new IllegalStateException("the batcher has ended", failure);
  }

  /** Nobody waits for a thread that is gone. */
  private void refuse() {
    lock.lock();
    try {
      over = true;
      for (Batch batch : List.of(filling, other)) {
        batch.embeddings.forEach(embedding -> embedding.completeExceptionally(gone()));
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The next batch, once it is full or its first picture has waited enough; null at the end. */
  private @Nullable Batch take() throws InterruptedException {
    lock.lock();
    try {
      while (filling.size() == 0) {
        if (!running) {
          return null;
        }
        changed.await();
      }
      long left = waitNanos - (System.nanoTime() - filling.since);
      while (running && left > 0 && filling.size() < size) {
        left = changed.awaitNanos(left);
      }
      Batch batch = filling;
      filling = other;
      other = batch;
      changed.signalAll();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** A batch that fails is run again picture by picture, so that only the one at fault suffers. */
  private void answer(Batch batch) {
    sizes.accept(batch.size());
    PictureBatch pictures = batch.pictures(size);
    if (pictures.size() > 1) {
      try {
        float[][] embeddings = engine.embed(batch.padded(size));
        for (int i = 0; i < batch.size(); i++) {
          batch.embeddings.get(i).complete(embeddings[i]);
        }
        return;
      } catch (EngineFailureException e) {
        LOG.atWarn()
            .addKeyValue("pictures", pictures.size())
            .addKeyValue("why", e.getMessage())
            .log("engine failed on a batch, its pictures are run one by one");
      }
    }
    for (int i = 0; i < pictures.size(); i++) {
      PictureBatch alone = pictures.part(i, 1);
      try {
        batch.embeddings.get(i).complete(attempts.run(() -> engine.embed(alone)[0]));
      } catch (UnusableRecordException e) {
        batch.embeddings.get(i).completeExceptionally(e);
      }
    }
  }
}
