package io.afina.classifier.join;

import io.afina.event.Correction;
import io.afina.event.Embedding;
import io.afina.event.TrainingExample.ImagePlace;
import org.jspecify.annotations.Nullable;

/** An input of the join, whose key is the image id. */
public sealed interface JoinInput {

  /**
   * An image was classified.
   *
   * @param place of the image; null where an older version sent it
   */
  record Image(Embedding embedding, @Nullable ImagePlace place) implements JoinInput {}

  /** A labeller said what it is; the source is kept in case the image never comes. */
  record Corrected(Correction correction, SourceRecord source) implements JoinInput {}

  /** What everybody said was withdrawn. */
  record Withdrawn() implements JoinInput {}

  /** What one labeller said was withdrawn; null is whoever did not say who. */
  record VoteWithdrawn(@Nullable String labeller, SourceRecord source) implements JoinInput {}

  /** The name of one labeller goes, what was said stays. */
  record Unnamed(String labeller, SourceRecord source) implements JoinInput {}

  /**
   * The picture of an image that has a label was reduced.
   *
   * @param place of the image
   */
  record Reduced(byte[] jpeg, ImagePlace place) implements JoinInput {}

  /**
   * A kept picture was embedded by another backbone.
   *
   * @param place of the image
   */
  record Embedded(Embedding embedding, ImagePlace place) implements JoinInput {}

  /** The embedding of a backbone is not needed any more. */
  record Dropped(String backbone) implements JoinInput {}

  /** Nothing of the image is to be left. */
  record Erased() implements JoinInput {}
}
