package io.afina.classifier.join;

import io.afina.event.Embedding;
import io.afina.event.TrainingExample.ImagePlace;
import io.opentelemetry.api.trace.SpanContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An embedding that waits for a correction, with the trace of its image: whoever corrects need not
 * know of it.
 *
 * @param trace the span in which the image was classified; not valid when nobody traced it
 * @param place of the image; null where an older version did not note it
 */
record TracedEmbedding(Embedding embedding, SpanContext trace, @Nullable ImagePlace place) {

  JoinInput.Image image() {
    return new JoinInput.Image(embedding, place);
  }

  /** The trace of an image, not valid where it is not known. */
  static SpanContext traceOf(Optional<TracedEmbedding> embedding) {
    return embedding.map(TracedEmbedding::trace).orElse(SpanContext.getInvalid());
  }
}
