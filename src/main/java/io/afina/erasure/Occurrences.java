package io.afina.erasure;

import io.afina.erasure.Occurrence.Kind;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * Every record with what is sought on all topics, as one reading found them.
 *
 * @param all of them, those of a partition by their offsets
 * @param begins the first offset of each partition that was read
 * @param alone of each partition that has some, the offset up to which it has no others
 * @param embeddings of the images, as they were on {@code training}
 */
public record Occurrences(
    List<Occurrence> all,
    Map<TopicPartition, Long> begins,
    Map<TopicPartition, Long> alone,
    List<float[]> embeddings) {

  public Occurrences {
    all = List.copyOf(all);
    begins = Map.copyOf(begins);
    alone = Map.copyOf(alone);
    embeddings = List.copyOf(embeddings);
  }

  /** Those of each topic, by its name. */
  public Map<String, List<Occurrence>> byTopic() {
    return all.stream()
        .collect(
            Collectors.groupingBy(
                each -> each.partition().topic(), TreeMap::new, Collectors.toList()));
  }

  /** The offset behind the last one of an image's own in each partition of some topics. */
  Map<TopicPartition, Long> ends(Collection<String> topics) {
    return all.stream()
        .filter(each -> topics.contains(each.partition().topic()))
        .filter(each -> each.kind() == Kind.DATA || each.kind() == Kind.TOMBSTONE)
        .collect(Collectors.toMap(Occurrence::partition, each -> each.offset() + 1, Math::max));
  }

  /** How many records of other images may be before the last one in each partition of a topic. */
  long older(String topic) {
    return ends(List.of(topic)).entrySet().stream()
        .mapToLong(end -> end.getValue() - begins.getOrDefault(end.getKey(), 0L))
        .sum();
  }

  /** Whether the last record of any key on a topic has data. */
  boolean hasData(String topic) {
    return !withData(topic).isEmpty();
  }

  /** The keys on a topic of which the last record has data. */
  Set<String> withData(String topic) {
    Map<Map.Entry<Integer, String>, Kind> last = new HashMap<>();
    byTopic()
        .getOrDefault(topic, List.of())
        .forEach(
            each -> last.put(Map.entry(each.partition().partition(), each.key()), each.kind()));
    return last.entrySet().stream()
        .filter(each -> each.getValue() == Kind.DATA)
        .map(each -> each.getKey().getValue())
        .collect(Collectors.toSet());
  }
}
