package io.afina.event;

import io.afina.event.JsonShape.Added;
import io.afina.event.JsonShape.Range;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value of an alias on {@code models}: which head it points at, and who moved it, when and why.
 *
 * @param version of the head, or null when the alias was removed
 * @param history where it pointed before, newest first: compaction keeps only the newest record
 */
public record AliasRecord(
    @Range(low = 1) @Nullable Long version,
    String who,
    Instant at,
    String why,
    @Added List<Move> history) {

  /** Bounds the size of the record. */
  private static final int LONGEST_HISTORY = 50;

  public AliasRecord {
    history = history == null ? List.of() : List.copyOf(history);
  }

  public AliasRecord(@Nullable Long version, String who, Instant at, String why) {
    this(version, who, at, why, List.of());
  }

  /** A former value of the alias. */
  public record Move(@Range(low = 1) @Nullable Long version, String who, Instant at, String why) {}

  /** The next record of the alias, with this one in its history. */
  public AliasRecord moved(@Nullable Long to, String by, Instant when, String reason) {
    List<Move> longer = new ArrayList<>();
    longer.add(new Move(version, who, at, why));
    longer.addAll(history);
    return new AliasRecord(
        to, by, when, reason, longer.subList(0, Math.min(LONGEST_HISTORY, longer.size())));
  }
}
