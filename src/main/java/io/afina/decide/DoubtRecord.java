package io.afina.decide;

import io.afina.event.JsonShape.Range;
import java.time.Instant;

/**
 * The live correction of a head's thresholds on {@code models}, in place of that in its card.
 *
 * @param doubt what is left of the doubt that a threshold allows, 0 to 1 (see {@link Acceptance})
 * @param answers of the random sample that came since the head was trained
 */
public record DoubtRecord(@Range(high = 1) double doubt, @Range int answers, Instant at) {}
