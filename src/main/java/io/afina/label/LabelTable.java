package io.afina.label;

import io.afina.event.Prediction.Score;
import io.afina.label.LabelRecord.State;
import io.afina.label.name.LabelName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What labels are called at one moment: leads from any text that somebody ever gave or a head
 * learned to the label that it is now. Texts on topics stay as they are; whoever reads them asks
 * here. A label that is not in the table is called as it is spelled. Immutable.
 */
public final class LabelTable {

  /** Without any label. */
  public static final LabelTable EMPTY = new LabelTable(Map.of());

  private final Map<String, LabelRecord> records;

  /** The ids of labels by the keys of all their names. */
  private final Map<String, String> ids = new HashMap<>();

  /**
   * A table of what is on {@code labels}.
   *
   * @param records by id
   */
  public LabelTable(Map<String, LabelRecord> records) {
    this.records = new TreeMap<>(records);
    this.records.keySet().forEach(id -> ids.put(id, id));
    this.records.forEach((id, record) -> ids.putIfAbsent(LabelName.key(record.name()), id));
    this.records.forEach(
        (id, record) -> record.names().forEach(name -> ids.putIfAbsent(LabelName.key(name), id)));
  }

  /** All labels by id, those among them that are used no longer. */
  public Map<String, LabelRecord> records() {
    return Map.copyOf(records);
  }

  /** The same table after some records were written. */
  public LabelTable with(Map<String, LabelRecord> written) {
    Map<String, LabelRecord> all = new TreeMap<>(records);
    all.putAll(written);
    return new LabelTable(all);
  }

  /** The id of the label that has or had a name, whatever became of it. */
  public Optional<String> find(String name) {
    return Optional.ofNullable(ids.get(LabelName.key(name)));
  }

  /** The id of the label that a text means now; the text's key where it is in no table. */
  public String id(String text) {
    String key = LabelName.key(text);
    String id = ids.getOrDefault(key, key);
    // Bounded, should somebody have merged labels in a ring.
    for (int merged = 0; merged < records.size(); merged++) {
      LabelRecord record = records.get(id);
      if (record == null || record.into() == null || !records.containsKey(record.into())) {
        break;
      }
      id = record.into();
    }
    return id;
  }

  /** What the label that a text means is called now. */
  public String name(String text) {
    LabelRecord record = records.get(id(text));
    return record == null ? LabelName.spelling(text) : record.name();
  }

  /** Whether two texts mean one label. */
  public boolean same(String one, String other) {
    return id(one).equals(id(other));
  }

  /** Whether a text means a label that is used no longer. */
  public boolean isRetired(String text) {
    LabelRecord record = records.get(id(text));
    return record != null && record.state() == State.RETIRED;
  }

  /** The names of the labels that are used. */
  public List<String> names() {
    return records.values().stream()
        .filter(record -> record.state() == State.ACTIVE)
        .map(LabelRecord::name)
        .toList();
  }

  /**
   * Scores under the names of now, the highest first: those of labels that became one are added,
   * and those of retired labels are left out.
   */
  public List<Score> scores(List<Score> scores) {
    Map<String, Double> sums = new LinkedHashMap<>();
    for (Score score : scores) {
      if (!isRetired(score.label())) {
        sums.merge(name(score.label()), score.confidence(), Double::sum);
      }
    }
    List<Score> all = new ArrayList<>();
    sums.forEach((name, sum) -> all.add(new Score(name, sum)));
    all.sort(Comparator.comparing(Score::confidence).reversed());
    return all;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LabelTable table && table.records.equals(records);
  }

  @Override
  public int hashCode() {
    return records.hashCode();
  }
}
