package io.afina.review;

import io.afina.event.Embedding;
import io.afina.event.Prediction;
import io.afina.model.Head;
import java.util.Optional;

/**
 * An image event that the backbone has embedded and the heads have scored.
 *
 * @param champion that answered, or empty while there is none
 */
public record ScoredImage(Prediction prediction, Embedding embedding, Optional<Head> champion) {}
