package io.afina.stream;

import io.afina.event.Embedding;
import io.afina.event.Prediction;
import io.afina.model.Head;
import java.util.Optional;

/**
 * An image event after the heads have seen it.
 *
 * @param champion that answered, or empty while none does
 */
public record Scored(Prediction prediction, Embedding embedding, Optional<Head> champion) {}
