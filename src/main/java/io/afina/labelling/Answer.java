package io.afina.labelling;

import org.jspecify.annotations.Nullable;

/**
 * The last correction of an image.
 *
 * @param at when it arrived, milliseconds since 1970
 */
record Answer(String label, @Nullable String labeller, long at) {}
