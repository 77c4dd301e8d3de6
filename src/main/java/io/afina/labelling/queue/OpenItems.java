package io.afina.labelling.queue;

import io.afina.event.RecordId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the open items of the partitions that this instance owns, by their place, by their image
 * and in the order in which people are asked. Used under the queue's lock only.
 */
final class OpenItems {

  private final Map<Integer, TreeMap<Long, OpenItem>> partitions = new HashMap<>();
  private final Map<String, OpenItem> byImage = new HashMap<>();

  /** Counts what came, went or got another place. */
  private long changes;

  private final TreeSet<OpenItem> ordered = new TreeSet<>(OpenItem.ORDER);

  void open(int partition) {
    partitions.putIfAbsent(partition, new TreeMap<>());
  }

  /** Forgets a partition and gives what was open in it. */
  Collection<OpenItem> close(int partition) {
    TreeMap<Long, OpenItem> closed = partitions.remove(partition);
    if (closed == null) {
      return List.of();
    }
    closed.values().forEach(this::unlink);
    return closed.values();
  }

  boolean owns(int partition) {
    return partitions.containsKey(partition);
  }

  @Nullable OpenItem at(RecordId id) {
    TreeMap<Long, OpenItem> items = partitions.get(id.partition());
    return items == null ? null : items.get(id.offset());
  }

  Optional<OpenItem> of(String image) {
    return Optional.ofNullable(byImage.get(image));
  }

  /** In the order in which people are asked. */
  SortedSet<OpenItem> ordered() {
    return ordered;
  }

  long changes() {
    return changes;
  }

  int count(Predicate<OpenItem> of) {
    return (int) ordered.stream().filter(of).count();
  }

  /** The offset of the first open item of a partition, or the position if that comes before. */
  long first(int partition, long position) {
    TreeMap<Long, OpenItem> items = partitions.get(partition);
    return items == null || items.isEmpty() ? position : Math.min(position, items.firstKey());
  }

  /** Adds an item of a partition that is owned; it replaces one of the same image. */
  void add(OpenItem item) {
    TreeMap<Long, OpenItem> items = partitions.get(item.id().partition());
    if (items != null) {
      OpenItem before = byImage.get(item.item.image());
      if (before != null) {
        remove(before);
      }
      items.put(item.id().offset(), item);
      byImage.put(item.item.image(), item);
      ordered.add(item);
      changes++;
    }
  }

  void remove(OpenItem item) {
    TreeMap<Long, OpenItem> items = partitions.get(item.id().partition());
    if (items != null) {
      items.remove(item.id().offset());
    }
    unlink(item);
  }

  /** Removes what was taken back by somebody who says nothing else after all. */
  void removeOver(Instant now) {
    ordered.stream().filter(open -> open.isOver(now)).toList().forEach(this::remove);
  }

  /** Puts an item with another prediction in place of one. */
  void replace(OpenItem open, QueuedItem item) {
    ordered.remove(open);
    open.item = item;
    changes++;
    ordered.add(open);
  }

  /** Asks others last, or where they were asked before. */
  void postpone(OpenItem item, int by) {
    ordered.remove(item);
    item.postpone(by);
    ordered.add(item);
  }

  /**
   * Asks about labels that look wrong, and no more about others that did before, unless somebody
   * has them. An image that is asked about anyway is not asked about twice.
   */
  void suspect(List<QueuedItem> found, Function<QueuedItem, OpenItem> opened, Instant now) {
    Set<RecordId> ids = found.stream().map(QueuedItem::id).collect(Collectors.toSet());
    ordered.stream()
        .filter(open -> open.isSuspect() && open.isFree(now) && !ids.contains(open.id()))
        .toList()
        .forEach(this::remove);
    found.stream()
        .filter(item -> !byImage.containsKey(item.image()))
        .forEach(item -> add(opened.apply(item)));
  }

  private void unlink(OpenItem item) {
    changes++;
    byImage.remove(item.item.image(), item);
    ordered.remove(item);
  }
}
