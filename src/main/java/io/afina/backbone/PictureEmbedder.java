package io.afina.backbone;

import io.afina.event.Embedding;
import io.afina.event.UnusableRecordException;
import org.jspecify.annotations.Nullable;

/** Computes the embedding of a picture; called by every stream thread. */
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

  /** An embedding and how many milliseconds its parts took. */
  record Embedded(Embedding embedding, double decodeMillis, double inferenceMillis) {}
}
