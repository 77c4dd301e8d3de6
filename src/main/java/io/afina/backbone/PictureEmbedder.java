package io.afina.backbone;

import io.afina.event.Embedding;
import io.afina.event.UnusableRecordException;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Computes the embedding of a picture; called by every stream thread. */
@FunctionalInterface
public interface PictureEmbedder {

  /**
   * Reads the picture of an image event, which carries it or refers to it, decodes it and runs the
   * backbone.
   *
   * @param value of the record
   * @param headers of the record
   * @throws UnusableRecordException when the reference, the picture or the engine is at fault
   */
  Embedded embed(byte @Nullable [] value, Headers headers) throws UnusableRecordException;

  /** An embedding and how many milliseconds its parts took. */
  record Embedded(Embedding embedding, double decodeMillis, double inferenceMillis) {}
}
