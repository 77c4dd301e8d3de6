package io.afina.labelling.queue;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The last correction of an image.
 *
 * @param at when it arrived, milliseconds since 1970
 * @param labellers who has corrected the image since a correction was withdrawn last; {@link
 *     #UNKNOWN} for those who did not say
 */
public record LastCorrection(
    String label, @Nullable String labeller, long at, Set<String> labellers) {

  static final String UNKNOWN = "";

  public LastCorrection {
    labellers = Set.copyOf(labellers);
  }

  /** The one after this, or the first; by as many labellers, and one more. */
  static LastCorrection after(
      @Nullable LastCorrection before, String label, @Nullable String labeller, long at) {
    Set<String> all = new HashSet<>(before == null ? Set.of() : before.labellers());
    all.add(Objects.requireNonNullElse(labeller, UNKNOWN));
    return new LastCorrection(label, labeller, at, all);
  }
}
