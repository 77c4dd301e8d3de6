package io.afina.label;

import io.afina.event.Correction;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.RecordLimits;
import io.afina.label.LabelRecord.State;
import io.afina.label.name.LabelName;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes labels: each method gives the records that a change writes, by id, and writes nothing.
 *
 * @param who changes them
 * @param at when
 * @param why one sentence
 */
public record LabelEdits(String who, Instant at, String why) {

  /** The most names that lead to a label, besides its own. */
  static final int MOST_NAMES = 50;

  private static final int LONGEST_WHY = 500;

  /** Bounds the record; a description may be as long as a note, and a history has several. */
  private static final int LARGEST = 500_000;

  public LabelEdits {
    if (who.length() > RecordLimits.LABELLER || why.length() > LONGEST_WHY) {
      throw usage(
          "a name has %d characters at most, a reason %d"
              .formatted(RecordLimits.LABELLER, LONGEST_WHY));
    }
  }

  /** Adds the labels that are in no table yet, as they are spelled; of two spellings the first. */
  public Map<String, LabelRecord> declare(LabelTable table, Collection<String> names) {
    Map<String, LabelRecord> added = new TreeMap<>();
    for (String name : names) {
      if (table.find(name).isEmpty()) {
        added.putIfAbsent(
            LabelName.key(name), LabelRecord.active(LabelName.spelling(name), who, at, why));
      }
    }
    return added;
  }

  /**
   * Gives a label another name; the one before leads to it still.
   *
   * @throws AfinaException when there is no such label, it is used no longer, or the name is
   *     another's
   */
  public Map<String, LabelRecord> rename(LabelTable table, String from, String to) {
    requireName(to);
    String id = active(table, from);
    table
        .find(to)
        .filter(owner -> !owner.equals(id))
        .ifPresent(
            owner -> {
              throw usage(
                  "the name '%s' leads to '%s': take another name, or make the two one label with 'afina labels merge'"
                      .formatted(to, table.name(to)));
            });
    LabelRecord before = get(table, id);
    return Map.of(id, changed(before, LabelName.spelling(to), State.ACTIVE, null));
  }

  /**
   * Makes labels one; each of those that are merged leads to the other.
   *
   * @throws AfinaException when there is no such label, or one is used no longer
   */
  public Map<String, LabelRecord> merge(LabelTable table, Collection<String> from, String into) {
    String target = active(table, into);
    Map<String, LabelRecord> merged = new TreeMap<>();
    for (String name : from) {
      String id = active(table, name);
      if (id.equals(target)) {
        throw usage("'%s' and '%s' are one label already".formatted(name, into));
      }
      LabelRecord before = get(table, id);
      merged.put(id, changed(before, before.name(), State.MERGED, target));
    }
    return merged;
  }

  /**
   * Lets a label be used no longer: it is neither predicted nor offered, nor trained on.
   *
   * @throws AfinaException when there is no such label, or it is used no longer
   */
  public Map<String, LabelRecord> retire(LabelTable table, String name) {
    String id = active(table, name);
    LabelRecord before = get(table, id);
    return Map.of(id, changed(before, before.name(), State.RETIRED, null));
  }

  /**
   * Says what a label means; adds it, if there is no such label.
   *
   * @throws AfinaException when the name is beyond the limits
   */
  public Map<String, LabelRecord> describe(LabelTable table, String name, LabelDescription said) {
    requireName(name);
    String id = table.find(name).orElseGet(() -> LabelName.key(name));
    LabelRecord before =
        Optional.ofNullable(table.records().get(id))
            .orElseGet(() -> LabelRecord.active(LabelName.spelling(name), who, at, why));
    LabelRecord after = changed(before, before.name(), before.state(), before.into());
    return Map.of(
        id,
        new LabelRecord(
            after.name(),
            after.names(),
            or(said.text(), before.description()),
            said.examples() == null ? before.examples() : said.examples(),
            or(said.colour(), before.colour()),
            or(said.key(), before.key()),
            after.state(),
            after.into(),
            who,
            at,
            why,
            table.records().containsKey(id) ? after.history() : List.of()));
  }

  /**
   * Takes the last change of a label back, or the last of all; what names were tried meanwhile lead
   * to it still, since somebody may have used them.
   *
   * @param name of the label; empty for the one that was changed last
   * @throws AfinaException when there is nothing to take back
   */
  public static Map<String, LabelRecord> undo(LabelTable table, Optional<String> name) {
    String id =
        name.map(given -> known(table, given))
            .or(() -> lastChanged(table))
            .orElseThrow(() -> missing("no label was changed: there is nothing to undo"));
    LabelRecord now = get(table, id);
    if (now.history().isEmpty()) {
      throw missing(
          "the label '%s' was never changed: there is nothing to undo".formatted(now.name()));
    }
    LabelRecord before = now.history().get(0);
    return Map.of(
        id, before.with(names(now, before.name()), now.history().subList(1, now.history().size())));
  }

  /** The newest of those that can be taken back. */
  private static Optional<String> lastChanged(LabelTable table) {
    return table.records().entrySet().stream()
        .filter(entry -> !entry.getValue().history().isEmpty())
        .max(
            Comparator.comparing((Map.Entry<String, LabelRecord> entry) -> entry.getValue().at())
                .thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey);
  }

  private LabelRecord changed(LabelRecord before, String name, State state, @Nullable String into) {
    List<String> names = names(before, name);
    if (names.size() > MOST_NAMES) {
      throw usage("'%s' has had %d names already".formatted(before.name(), MOST_NAMES));
    }
    List<LabelRecord> history = new ArrayList<>();
    history.add(before.with(List.of(), List.of()));
    history.addAll(before.history());
    while (history.size() > 1 && Json.write(history).length > LARGEST) {
      history.remove(history.size() - 1);
    }
    return new LabelRecord(
        name,
        names,
        before.description(),
        before.examples(),
        before.colour(),
        before.key(),
        state,
        into,
        who,
        at,
        why,
        history);
  }

  /** The names besides the one that a label gets. */
  private static List<String> names(LabelRecord before, String name) {
    Set<String> names = new LinkedHashSet<>(before.names());
    names.add(before.name());
    names.removeIf(other -> LabelName.same(other, name));
    return List.copyOf(names);
  }

  private static String active(LabelTable table, String name) {
    String id = known(table, name);
    LabelRecord record = get(table, id);
    return switch (record.state()) {
      case ACTIVE -> id;
      case MERGED ->
          throw usage(
              "'%s' was merged into '%s': name that, or take it back with 'afina labels undo %s'"
                  .formatted(record.name(), table.name(name), id));
      case RETIRED ->
          throw usage(
              "'%s' is retired: take that back with 'afina labels undo %s'"
                  .formatted(record.name(), id));
    };
  }

  private static String known(LabelTable table, String name) {
    return table
        .find(name)
        .orElseThrow(
            () ->
                missing(
                    "there is no label '%s'; 'afina labels' lists those that there are, 'afina labels describe' adds one"
                        .formatted(name)));
  }

  private static LabelRecord get(LabelTable table, String id) {
    return Objects.requireNonNull(table.records().get(id));
  }

  /** A name is bounded as the label of a correction is. */
  private static void requireName(String name) {
    try {
      var unused = new Correction(name, null, null, null).requireLimits(Instant.now());
    } catch (MalformedRecordException e) {
      throw usage("the name cannot be used: a label of that name " + e.getMessage());
    }
  }

  private static @Nullable String or(@Nullable String said, @Nullable String before) {
    return said == null ? before : said.isBlank() ? null : said.strip();
  }

  private static AfinaException usage(String why) {
    return new AfinaException(ExitCode.USAGE, why);
  }

  private static AfinaException missing(String why) {
    return new AfinaException(ExitCode.NOT_FOUND, why);
  }
}
