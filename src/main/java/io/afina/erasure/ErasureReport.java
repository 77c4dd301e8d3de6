package io.afina.erasure;

import io.afina.erasure.Occurrence.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says of each topic what it has of some images, and what removes it when. */
final class ErasureReport {

  private static final int SHOWN = 5;

  private ErasureReport() {}

  /**
   * A line for each topic that has something, by their names.
   *
   * @param words how records with data are called, and those without
   */
  static List<String> lines(List<ErasableTopic> topics, Occurrences found, List<String> words) {
    List<String> lines = new ArrayList<>();
    Map<String, List<Occurrence>> all = found.byTopic();
    topics.stream()
        .sorted(Comparator.comparing(ErasableTopic::name))
        .forEach(
            topic -> {
              List<Occurrence> here = all.getOrDefault(topic.name(), List.of());
              List<Occurrence> own = of(here, Kind.DATA, Kind.TOMBSTONE);
              if (!own.isEmpty()) {
                lines.add(line(topic, own, found, words));
              }
              shared(topic, here).ifPresent(lines::add);
            });
    return lines;
  }

  private static String line(
      ErasableTopic topic, List<Occurrence> own, Occurrences found, List<String> words) {
    long data = of(own, Kind.DATA).size();
    return "%s: %d records %s, %d %s; %s"
        .formatted(
            topic.name(),
            data,
            words.get(0),
            own.size() - data,
            words.get(1),
            end(topic, own, found));
  }

  private static String end(ErasableTopic topic, List<Occurrence> own, Occurrences found) {
    if (topic.isCompactedOnly()) {
      return topic.compaction();
    }
    long newest = own.stream().mapToLong(Occurrence::timestamp).max().orElse(0);
    Optional<Instant> by = topic.goneBy(newest);
    String time = by.map(at -> "gone by " + at).orElse("retention.ms keeps them for ever");
    return topic.isCompacted()
        ? topic.compaction() + ", or " + time
        : "%s; --older deletes now all %d records up to the last of them in %d partitions"
            .formatted(
                time,
                found.older(topic.name()),
                own.stream().map(Occurrence::partition).distinct().count());
  }

  private static Optional<String> shared(ErasableTopic topic, List<Occurrence> here) {
    List<Occurrence> others = of(here, Kind.NAMED, Kind.LANDMARK);
    if (others.isEmpty()) {
      return Optional.empty();
    }
    String keys =
        others.stream()
            .map(Occurrence::key)
            .distinct()
            .limit(SHOWN)
            .collect(Collectors.joining(", "));
    return Optional.of(
        of(here, Kind.LANDMARK).isEmpty()
            ? "%s: named in %s; change or remove these there".formatted(topic.name(), keys)
            : "%s: %s hold an embedding of it, or name it; the next training makes a head without, then 'afina models prune' removes them"
                .formatted(topic.name(), keys));
  }

  private static List<Occurrence> of(List<Occurrence> all, Kind... kinds) {
    return all.stream().filter(each -> List.of(kinds).contains(each.kind())).toList();
  }
}
