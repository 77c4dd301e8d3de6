package io.afina.labelling.queue;

import io.afina.event.Correction;
import io.afina.event.Withdrawal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which annotations of Label Studio became corrections, and of when they were, so that
 * one that was deleted can be withdrawn, and a late event does not undo a later one. Fed from the
 * notes of {@code corrections}; bounded, the oldest is forgotten first. Safe for any thread.
 */
public final class AnnotationIndex {

  private static final int MOST = 100_000;
  private static final Pattern NOTE =
      Pattern.compile("Label Studio annotation (\\d{1,18})(?: of (\\S+))? by (.+)");

  private final Map<Key, State> annotations = new BoundedMap<>(MOST);

  /**
   * One annotation.
   *
   * @param source the user whose token the webhook has: two Label Studios count alike
   * @param id its number there
   */
  public record Key(String source, long id) {

    /** The note of a correction that this annotation is, or of its withdrawal. */
    public String note(@Nullable Instant updated) {
      String when = updated == null ? "" : " of " + updated;
      return "Label Studio annotation %d%s by %s".formatted(id, when, source);
    }
  }

  /**
   * What became of an annotation.
   *
   * @param updated when it was changed last, if known
   * @param correction null when it was withdrawn
   * @param arrived whether its correction was read back
   */
  public record State(
      String image, @Nullable Instant updated, @Nullable Correction correction, boolean arrived) {

    /** Whether an event of that time, or none, comes too late. */
    public boolean isNewerThan(@Nullable Instant time, boolean created) {
      return (time == null || updated == null) ? created : !time.isAfter(updated);
    }
  }

  /** What is known of an annotation. */
  public synchronized Optional<State> find(Key key) {
    return Optional.ofNullable(annotations.get(key));
  }

  /** An annotation was taken or withdrawn here, and its record is not read back yet. */
  public synchronized void put(Key key, State state) {
    annotations.remove(key);
    annotations.put(key, state);
  }

  /** A correction was read from its topic. */
  public void corrected(String image, Correction correction) {
    read(image, correction.note(), correction);
  }

  /** A withdrawal was read from its topic. */
  public void withdrawn(String image, Withdrawal withdrawal) {
    read(image, withdrawal.note(), null);
  }

  private synchronized void read(
      String image, @Nullable String text, @Nullable Correction correction) {
    Matcher note = NOTE.matcher(text == null ? "" : text);
    if (note.matches()) {
      Key key = new Key(note.group(3), Long.parseLong(note.group(1)));
      Instant updated = time(note.group(2));
      State before = annotations.get(key);
      boolean known =
          before != null
              && (before.correction() == null
                  || (updated != null
                      && before.updated() != null
                      && updated.isBefore(before.updated())));
      if (!known) {
        put(key, new State(image, updated, correction, true));
      }
    }
  }

  private static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
