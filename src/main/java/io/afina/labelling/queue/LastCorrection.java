package io.afina.labelling.queue;

import org.jspecify.annotations.Nullable;

/**
 * The last correction of an image.
 *
 * @param at when it arrived, milliseconds since 1970
 */
public record LastCorrection(String label, @Nullable String labeller, long at) {}
