package io.afina.dataset;

import io.afina.event.TrainingExample.ImagePlace;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A labelled image of the training set.
 *
 * @param place where its picture was published; null where an older version did not note it
 */
record Exported(
    String id, String label, @Nullable String labeller, Instant at, @Nullable ImagePlace place) {}
