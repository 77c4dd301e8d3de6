package io.afina.dataset;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An image of a dataset.
 *
 * @param id the image id
 * @param label what it is; null where nobody said
 * @param labeller who said so, if the dataset says
 * @param at when, if the dataset says
 * @param file its picture; null where that is elsewhere
 * @param uri where its picture is; null with a file, and of an image that Afina has already
 */
public record LabelledImage(
    String id,
    @Nullable String label,
    @Nullable String labeller,
    @Nullable Instant at,
    @Nullable Path file,
    @Nullable URI uri) {}
