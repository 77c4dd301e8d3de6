package io.afina.labelling.queue;

import io.afina.event.RecordId;
import io.afina.event.ReviewItem;
import io.afina.review.MaxHerding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Chooses which open items are handed out next. Drawn ones come first, accepted ones and what
 * somebody was not sure of last; in between by a plan: the next is the one that covers most of the
 * open ones beside what was answered lately or is with somebody, weighted by the root of their
 * uncertainty ({@link MaxHerding}). Without a head all weigh alike, so typical and diverse pictures
 * are asked; the surer a head is of the others, the more its doubts decide. What is in no plan yet
 * follows in its order. Used under the queue's lock only, but for what {@link Sight} does.
 */
public final class Acquisition {

  /** Items that are compared with each other at a time, and answered ones that are remembered. */
  private static final int WINDOW = 256;

  /** Items of a plan: more than are handed out before the next one. */
  private static final int PLANNED = 64;

  private final BoundedMap<RecordId, ReviewItem> answered = new BoundedMap<>(WINDOW);
  private List<RecordId> plan = List.of();
  private boolean handedOut;
  private long changes = -1;

  /** Measured: by the uncertainty itself, heads of few labels chase their own mistakes. */
  private static double weight(ReviewItem item) {
    return Math.sqrt(item.uncertainty());
  }

  /** An item has been answered by all who were asked. */
  void answered(QueuedItem item) {
    answered.put(item.id(), item.review());
  }

  /** The first so many of those that are free, which are in the order in which they are asked. */
  List<OpenItem> first(int count, List<OpenItem> free) {
    if (count == 0) {
      return List.of();
    }
    handedOut = true;
    Map<RecordId, OpenItem> weighed = new LinkedHashMap<>();
    free.stream().filter(OpenItem::isWeighed).forEach(open -> weighed.put(open.id(), open));
    Stream<OpenItem> drawn = free.stream().takeWhile(open -> !open.isWeighed());
    Stream<OpenItem> planned = plan.stream().map(weighed::get).filter(Objects::nonNull);
    return Stream.of(drawn, planned, free.stream())
        .flatMap(Function.identity())
        .distinct()
        .limit(count)
        .toList();
  }

  /** What there is to plan; empty when nothing is different since the last plan. */
  Optional<Sight> sight(OpenItems items, Instant now) {
    if (!handedOut && changes == items.changes()) {
      return Optional.empty();
    }
    handedOut = false;
    changes = items.changes();
    List<QueuedItem> candidates =
        items.ordered().stream()
            .filter(open -> open.isWeighed() && open.isFree(now))
            .limit(WINDOW)
            .map(open -> open.item)
            .toList();
    Stream<ReviewItem> taken =
        items.ordered().stream()
            .filter(open -> !open.isFree(now))
            .limit(WINDOW)
            .map(open -> open.item.review());
    return Optional.of(
        new Sight(candidates, Stream.concat(answered.values().stream(), taken).toList()));
  }

  /** These are handed out next. */
  void planned(List<RecordId> next) {
    plan = next;
  }

  /**
   * What a plan is made of; to make it takes no lock, but longer than a request may.
   *
   * @param candidates that nobody has
   * @param known what was answered, or is with somebody
   */
  record Sight(List<QueuedItem> candidates, List<ReviewItem> known) {

    List<RecordId> plan() {
      List<ReviewItem> open = candidates.stream().map(QueuedItem::review).toList();
      return order(open, known, PLANNED).stream().map(n -> candidates.get(n).id()).toList();
    }
  }

  /**
   * The first so many of those that can be compared with the first one that has an embedding.
   *
   * @param candidates the most uncertain ones, first
   * @param known what was answered, or is with somebody
   * @return indices of candidates
   */
  public static List<Integer> order(
      List<ReviewItem> candidates, List<ReviewItem> known, int count) {
    Optional<ReviewItem> like =
        candidates.stream().filter(review -> review.embedding() != null).findFirst();
    if (like.isEmpty()) {
      return List.of();
    }
    List<Integer> compared = new ArrayList<>();
    List<float[]> embeddings = new ArrayList<>();
    for (int n = 0; n < Math.min(WINDOW, candidates.size()); n++) {
      int candidate = n;
      vector(candidates.get(n), like.get())
          .ifPresent(
              values -> {
                compared.add(candidate);
                embeddings.add(values);
              });
    }
    List<float[]> covering =
        known.stream().flatMap(review -> vector(review, like.get()).stream()).toList();
    double[] weights = compared.stream().mapToDouble(n -> weight(candidates.get(n))).toArray();
    return MaxHerding.order(embeddings, weights, covering, count).stream()
        .map(compared::get)
        .toList();
  }

  /** The embedding of an item, if it can be compared with another's. */
  private static Optional<float[]> vector(ReviewItem item, ReviewItem like) {
    int length = Objects.requireNonNull(like.embedding()).length();
    return item.embedding() != null
            && item.embedding().length() == length
            && item.prediction().backbone().equals(like.prediction().backbone())
        ? item.vector().filter(Acquisition::isFinite)
        : Optional.empty();
  }

  private static boolean isFinite(float[] values) {
    float sum = 0;
    for (float value : values) {
      sum += value;
    }
    return Float.isFinite(sum);
  }
}
