package io.afina.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A correction joined with the embedding of its image.
 *
 * @param label what the image is
 * @param labeller who said so, if known
 * @param at when it was said
 * @param embedding of the image; on the topic in half precision
 */
public record TrainingExample(
    String label, @Nullable String labeller, Instant at, Embedding embedding) {}
