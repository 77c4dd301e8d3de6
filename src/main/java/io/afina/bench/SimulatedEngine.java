package io.afina.bench;

import io.afina.backbone.EmbeddingBatcher;
import io.afina.backbone.PictureBatch;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;

/**
 * Simulates inference: sleeps where the backbone would run, for 16 pictures of a batch as long as
 * for one. More classifiers than cores can be measured, and batches without a GPU, as far as
 * everything around the engine goes. Every picture has the same embedding.
 *
 * @param embeddingSize numbers of an embedding
 * @param time of one picture
 * @param device held meanwhile: engines that share one take turns
 */
public record SimulatedEngine(int embeddingSize, Duration time, Lock device)
    implements EmbeddingBatcher.Engine {

  private static final int AT_ONCE = 16;

  @Override
  public float[][] embed(PictureBatch pictures) {
    device.lock();
    try {
      long nanos = time.toNanos() * Math.max(AT_ONCE, pictures.size()) / AT_ONCE;
      long end = System.nanoTime() + nanos;
      for (long left = nanos; left > 0; left = end - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    } finally {
      device.unlock();
    }
    return new float[pictures.size()][embeddingSize];
  }

  @Override
  public void close() {}
}
