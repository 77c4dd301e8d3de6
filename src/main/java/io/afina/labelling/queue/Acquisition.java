package io.afina.labelling.queue;

import io.afina.event.ReviewItem;
import io.afina.review.MaxHerding;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Chooses which open items are handed out next. Drawn ones come first, accepted ones and what
 * somebody was not sure of last; in between, the next is the one that covers most of the open ones
 * beside what was answered lately or is with somebody, weighted by the root of their uncertainty
 * ({@link MaxHerding}). Without a head all weigh alike, so typical and diverse pictures are asked;
 * the surer a head is of the others, the more its doubts decide. Used under the queue's lock only.
 */
public final class Acquisition {

  /** Items that are compared with each other at a time, and answered ones that are remembered. */
  private static final int WINDOW = 128;

  private final BoundedMap<String, ReviewItem> answered = new BoundedMap<>(WINDOW);

  /** An item has been answered by all who were asked. */
  void answered(QueuedItem item) {
    answered.put(item.image(), item.review());
  }

  /**
   * The first so many of those that are free, both in the order in which they are asked.
   *
   * @param all open items
   */
  List<OpenItem> first(int count, List<OpenItem> free, Collection<OpenItem> all, Instant now) {
    Stream<OpenItem> drawn = free.stream().takeWhile(open -> !open.isWeighed());
    return Stream.of(drawn, herded(count, free, all, now), free.stream())
        .flatMap(Function.identity())
        .distinct()
        .limit(count)
        .toList();
  }

  private Stream<OpenItem> herded(
      int count, List<OpenItem> free, Collection<OpenItem> all, Instant now) {
    Optional<OpenItem> first = free.stream().filter(OpenItem::isWeighed).findFirst();
    if (count == 0 || first.isEmpty()) {
      return Stream.empty();
    }
    ReviewItem like = first.get().item.review();
    List<OpenItem> candidates =
        free.stream()
            .filter(OpenItem::isWeighed)
            .limit(WINDOW)
            .filter(open -> vector(open.item.review(), like).isPresent())
            .toList();
    Stream<ReviewItem> taken =
        all.stream()
            .filter(open -> !open.isFree(now))
            .limit(WINDOW)
            .map(open -> open.item.review());
    List<float[]> known =
        Stream.concat(answered.values().stream(), taken)
            .flatMap(review -> vector(review, like).stream())
            .toList();
    double[] weights =
        candidates.stream().mapToDouble(open -> weight(open.item.review())).toArray();
    List<float[]> embeddings =
        candidates.stream().flatMap(open -> vector(open.item.review(), like).stream()).toList();
    return MaxHerding.order(embeddings, weights, known, count).stream().map(candidates::get);
  }

  /** Measured: by the uncertainty itself, heads of few labels chase their own mistakes. */
  public static double weight(ReviewItem item) {
    return Math.sqrt(item.uncertainty());
  }

  /** The embedding of an item, if it can be compared with another's. */
  private static Optional<float[]> vector(ReviewItem item, ReviewItem like) {
    int length = like.embedding() == null ? 0 : like.embedding().length();
    return item.embedding() != null
            && item.embedding().length() == length
            && item.prediction().backbone().equals(like.prediction().backbone())
        ? item.vector()
        : Optional.empty();
  }
}
