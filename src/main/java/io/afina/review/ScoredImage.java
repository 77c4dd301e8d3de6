package io.afina.review;

import io.afina.event.Embedding;
import io.afina.event.Prediction;
import io.afina.model.Head;
import java.util.Optional;

/**
 * An image event after the heads have seen it.
 *
 * @param champion that answered, or empty while none does
 */
public record ScoredImage(Prediction prediction, Embedding embedding, Optional<Head> champion) {}
