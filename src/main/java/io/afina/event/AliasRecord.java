package io.afina.event;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value of an alias on {@code models}: which head it points at, and who moved it, when and why.
 *
 * @param version of the head, or null: it points at none, and who took it away is known all the
 *     same
 * @param history where it pointed before, newest first: compaction keeps only the newest record
 */
public record AliasRecord(
    @Nullable Long version, String who, Instant at, String why, List<Move> history) {

  /** How much history an alias carries. */
  private static final int LONGEST_HISTORY = 50;

  public AliasRecord {
    history = history == null ? List.of() : List.copyOf(history);
  }

  public AliasRecord(@Nullable Long version, String who, Instant at, String why) {
    this(version, who, at, why, List.of());
  }

  /** Where an alias pointed once. */
  public record Move(@Nullable Long version, String who, Instant at, String why) {}

  /** The record that takes the place of this one. */
  public AliasRecord moved(@Nullable Long to, String by, Instant when, String reason) {
    List<Move> longer = new ArrayList<>();
    longer.add(new Move(version, who, at, why));
    longer.addAll(history);
    return new AliasRecord(
        to, by, when, reason, longer.subList(0, Math.min(LONGEST_HISTORY, longer.size())));
  }
}
