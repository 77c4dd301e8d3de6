package io.afina.label;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.afina.event.JsonShape.Added;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value on {@code labels}, under the label's id: the key of its first spelling.
 *
 * @param name as it is shown and predicted
 * @param names that it had besides, or that were tried: they lead to it for ever
 * @param description what it means and what does not belong to it; null for none
 * @param examples ids of images that show it
 * @param colour in which it is drawn, {@code #rrggbb}; null for none
 * @param key on the keyboard that gives it, one character; null for none
 * @param into the id of the label that it was merged into; null unless it was
 * @param who changed it last
 * @param at when
 * @param why one sentence
 * @param history what it was before, newest first, each without a history of its own
 */
public record LabelRecord(
    String name,
    @Added List<String> names,
    @Nullable String description,
    @Added List<String> examples,
    @Nullable String colour,
    @Nullable String key,
    State state,
    @Nullable String into,
    String who,
    Instant at,
    String why,
    @Added List<LabelRecord> history) {

  public LabelRecord {
    names = names == null ? List.of() : List.copyOf(names);
    examples = examples == null ? List.of() : List.copyOf(examples);
    history = history == null ? List.of() : List.copyOf(history);
  }

  /** Whether a label is used. */
  public enum State {
    /** It is predicted and offered. */
    @JsonProperty("active")
    ACTIVE,
    /** What it named is named by another label. */
    @JsonProperty("merged")
    MERGED,
    /** It is neither predicted nor offered, and its examples are not trained on. */
    @JsonProperty("retired")
    RETIRED
  }

  /** A label that is used as it is spelled. */
  static LabelRecord active(String name, String who, Instant at, String why) {
    return new LabelRecord(
        name, List.of(), null, List.of(), null, null, State.ACTIVE, null, who, at, why, List.of());
  }

  /** The same with other names and another history. */
  LabelRecord with(List<String> otherNames, List<LabelRecord> otherHistory) {
    return new LabelRecord(
        name,
        otherNames,
        description,
        examples,
        colour,
        key,
        state,
        into,
        who,
        at,
        why,
        otherHistory);
  }
}
