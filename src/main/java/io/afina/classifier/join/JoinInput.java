package io.afina.classifier.join;

import io.afina.event.Correction;
import io.afina.event.Embedding;

/** An input of the join, whose key is the image id. */
public sealed interface JoinInput {

  /** An image was classified. */
  record Image(Embedding embedding) implements JoinInput {}

  /** A labeller said what it is; the source is kept in case the image never comes. */
  record Corrected(Correction correction, SourceRecord source) implements JoinInput {}

  /** The correction was withdrawn. */
  record Withdrawn() implements JoinInput {}
}
