package io.afina.backbone;

import io.afina.event.Embedding;
import io.afina.event.UnusableRecordException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Computes the embedding of a picture; called by several threads at once. */
@FunctionalInterface
public interface PictureEmbedder {

  /**
   * Decodes a picture and runs the backbone.
   *
   * @param picture encoded
   * @param contentType what its producer says that it is, if it says so
   * @throws UnusableRecordException when the picture or the engine is at fault
   */
  Embedded embed(byte[] picture, @Nullable String contentType) throws UnusableRecordException;

  /** Pictures that the backbone takes at once: with 1, nothing is gained by handing in more. */
  default int batchSize() {
    return 1;
  }

  /**
   * Decodes a picture, and leaves it to be run together with others.
   *
   * @return completes with the embedding, or with an {@link UnusableRecordException} when the
   *     engine is at fault
   * @throws UnusableRecordException when the picture is at fault
   */
  default CompletableFuture<Embedded> submit(byte[] picture, @Nullable String contentType)
      throws UnusableRecordException {
    return CompletableFuture.completedFuture(embed(picture, contentType));
  }

  /**
   * Waits for what another thread computes.
   *
   * @throws UnusableRecordException when the picture or the engine is at fault
   * @throws IllegalStateException when that thread cannot go on
   */
  static <T> T await(CompletableFuture<T> result) throws UnusableRecordException {
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UnusableRecordException unusable) {
        throw unusable;
      }
      throw new IllegalStateException("nothing is embedded any more: " + e.getCause(), e);
    }
  }

  /**
   * An embedding and how many milliseconds its parts took.
   *
   * @param inferenceMillis of a picture in a batch: all of the batch, and the wait for it
   */
  record Embedded(Embedding embedding, double decodeMillis, double inferenceMillis) {}
}
