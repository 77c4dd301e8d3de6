package io.afina.trainer;

import io.afina.config.ReviewConfig;
import io.afina.event.Embedding;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.Prediction.Timings;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.labelling.queue.Acquisition;
import io.afina.model.Head;
import io.afina.model.Scores;
import io.afina.review.MaxHerding;
import io.afina.review.ReviewSampler;
import io.afina.review.ScoredImage;
import io.afina.trainer.BenchSets.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Strategies of choosing the pictures that are labelled next, for {@link ReviewBench}. */
final class ReviewStrategies {

  private static final String BACKBONE = "ab".repeat(32);
  private static final Timings TIMINGS = new Timings(0, 0, 0);

  /** Pictures that pass between two choices. */
  private static final int PASSING = 40;

  private ReviewStrategies() {}

  /** Chooses the next pictures to label. */
  interface Choice {
    List<Sample> next(Optional<Head> champion, Set<String> labelled);
  }

  interface Strategy {
    Choice begin(List<Sample> pool, long seed);
  }

  static Choice random(List<Sample> pool, long seed) {
    List<Sample> order = shuffled(pool, seed);
    return (champion, labelled) -> unlabelled(order, labelled).limit(ReviewBench.LABELS).toList();
  }

  /** Looks at every picture that there is, which no stream allows. */
  static Choice least(List<Sample> pool, long seed, ToDoubleFunction<Scores> key) {
    List<Sample> order = shuffled(pool, seed);
    return (champion, labelled) -> {
      Stream<Sample> open = unlabelled(order, labelled);
      return champion
          .map(
              head ->
                  open.sorted(
                      Comparator.comparingDouble(s -> key.applyAsDouble(head.score(s.values())))))
          .orElse(open)
          .limit(ReviewBench.LABELS)
          .toList();
    };
  }

  /** The images that the classifier samples, in the order of the labelling page. */
  static Choice queue(ReviewConfig settings, List<Sample> pool, long seed, Order page) {
    List<Sample> order = shuffled(pool, seed);
    ReviewSampler sampler = new ReviewSampler(settings);
    Map<String, ReviewItem> open = new LinkedHashMap<>();
    Map<String, Sample> byId = new LinkedHashMap<>();
    order.forEach(sample -> byId.put(sample.id(), sample));
    long[] offset = new long[1];
    return (champion, labelled) -> {
      do {
        for (int i = 0; i < PASSING; i++) {
          Sample sample = order.get((int) (offset[0] % order.size()));
          ScoredImage scored = scored(sample, champion, offset[0]++);
          sampler
              .sample(sample.id(), scored)
              .filter(item -> !labelled.contains(sample.id()))
              .ifPresent(item -> open.put(sample.id(), item));
        }
      } while (open.size() < ReviewBench.LABELS);
      open.replaceAll(
          (id, item) -> {
            ScoredImage now = scored(Objects.requireNonNull(byId.get(id)), champion, 0);
            double uncertainty = ReviewSampler.uncertainty(now.prediction(), item.reason());
            return item.predicted(now.prediction(), uncertainty);
          });
      List<Sample> next =
          Stream.concat(audits(open), page.of(open, labelled, byId))
              .limit(ReviewBench.LABELS)
              .map(id -> Objects.requireNonNull(byId.get(id)))
              .toList();
      next.forEach(sample -> open.remove(sample.id()));
      return next;
    };
  }

  private static Stream<String> audits(Map<String, ReviewItem> open) {
    return open.entrySet().stream()
        .filter(entry -> entry.getValue().reason() == ReviewReason.AUDIT)
        .map(Map.Entry::getKey);
  }

  /** In which open items are handed out that nobody drew. */
  interface Order {
    Stream<String> of(Map<String, ReviewItem> open, Set<String> labelled, Map<String, Sample> byId);
  }

  static Stream<String> uncertain(
      Map<String, ReviewItem> open, Set<String> labelled, Map<String, Sample> byId) {
    return open.entrySet().stream()
        .filter(entry -> entry.getValue().reason() != ReviewReason.AUDIT)
        .sorted(Comparator.comparingDouble(entry -> -entry.getValue().uncertainty()))
        .map(Map.Entry::getKey);
  }

  static Stream<String> herded(
      Map<String, ReviewItem> open, Set<String> labelled, Map<String, Sample> byId) {
    List<String> ids =
        open.keySet().stream()
            .filter(id -> Objects.requireNonNull(open.get(id)).reason() != ReviewReason.AUDIT)
            .toList();
    double[] weights =
        ids.stream()
            .mapToDouble(id -> Acquisition.weight(Objects.requireNonNull(open.get(id))))
            .toArray();
    List<float[]> known = values(Stream.concat(labelled.stream(), audits(open)), byId);
    return MaxHerding.order(values(ids.stream(), byId), weights, known, ReviewBench.LABELS).stream()
        .map(ids::get);
  }

  private static List<float[]> values(Stream<String> ids, Map<String, Sample> byId) {
    return ids.map(id -> Objects.requireNonNull(byId.get(id)).values()).toList();
  }

  static ScoredImage scored(Sample sample, Optional<Head> champion, long offset) {
    Position at = new Position(0, offset, 0);
    Embedding embedding = new Embedding(BACKBONE, sample.values());
    Prediction prediction =
        champion
            .map(
                head -> {
                  Scores scores = head.score(sample.values());
                  List<Score> top = scores.top(5);
                  return new Prediction(
                      top.get(0).label(),
                      top.get(0).confidence(),
                      top,
                      margin(scores),
                      scores.entropy(),
                      head.version(),
                      BACKBONE,
                      at,
                      TIMINGS,
                      null,
                      null);
                })
            .orElseGet(
                () ->
                    new Prediction(
                        null, null, List.of(), null, null, null, BACKBONE, at, TIMINGS, null,
                        null));
    return new ScoredImage(prediction, embedding, champion);
  }

  static double margin(Scores scores) {
    List<Score> top = scores.top(2);
    return top.get(0).confidence() - top.get(1).confidence();
  }

  private static List<Sample> shuffled(List<Sample> pool, long seed) {
    List<Sample> order = new ArrayList<>(pool);
    Collections.shuffle(order, new Random(seed));
    return order;
  }

  private static Stream<Sample> unlabelled(List<Sample> order, Set<String> labelled) {
    return order.stream().filter(sample -> !labelled.contains(sample.id()));
  }
}
