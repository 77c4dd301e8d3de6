package io.afina.trainer;

import io.afina.config.ReviewConfig;
import io.afina.event.Embedding;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Score;
import io.afina.event.Prediction.Timings;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.model.Head;
import io.afina.model.Scores;
import io.afina.review.ReviewSampler;
import io.afina.review.ScoredImage;
import io.afina.trainer.BenchSets.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Strategies of choosing the pictures that are labelled next, for {@link ReviewBench}. */
final class ReviewStrategies {

  private static final String BACKBONE = "ab".repeat(32);
  private static final Timings TIMINGS = new Timings(0, 0, 0);

  /** Pictures that pass between two choices. */
  private static final int PASSING = 40;

  private static final int PARTITIONS = 12;

  /** Answers that the labelling page remembers: as many as it compares with each other. */
  private static final int REMEMBERED = 256;

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
  static Choice least(List<Sample> pool, long seed) {
    List<Sample> order = shuffled(pool, seed);
    return (champion, labelled) -> {
      Stream<Sample> open = unlabelled(order, labelled);
      return champion
          .map(head -> open.sorted(Comparator.comparingDouble(s -> margin(head.score(s.values())))))
          .orElse(open)
          .limit(ReviewBench.LABELS)
          .toList();
    };
  }

  /** The images that the classifier's tasks sample, in the order of the labelling page. */
  static Choice queue(ReviewConfig settings, List<Sample> pool, long seed, Order page) {
    return new Queue(settings, shuffled(pool, seed), page);
  }

  /** In which open items are handed out that nobody drew. */
  interface Order {

    /**
     * The first so many.
     *
     * @param open the most uncertain ones, first
     * @return indices of these
     */
    List<Integer> of(List<ReviewItem> open, List<ReviewItem> answered, int count);
  }

  /** By uncertainty alone. */
  static List<Integer> uncertain(List<ReviewItem> open, List<ReviewItem> answered, int count) {
    return IntStream.range(0, Math.min(count, open.size())).boxed().toList();
  }

  /** A stream over several partitions, the questions about it, and who answers them. */
  private static final class Queue implements Choice {

    private final List<Sample> stream;
    private final Order page;
    private final List<ReviewSampler> partitions;
    private final List<ReviewItem> open = new ArrayList<>();
    private final List<ReviewItem> answered = new ArrayList<>();
    private final Set<Integer> asked = new HashSet<>();
    private int passed;

    Queue(ReviewConfig settings, List<Sample> stream, Order page) {
      this.stream = stream;
      this.page = page;
      this.partitions =
          Stream.generate(() -> new ReviewSampler(settings)).limit(PARTITIONS).toList();
    }

    @Override
    public List<Sample> next(Optional<Head> champion, Set<String> labelled) {
      do {
        for (int i = 0; i < PASSING; i++) {
          pass(champion);
        }
      } while (open.size() < ReviewBench.LABELS);
      open.replaceAll(item -> again(item, champion));
      open.sort(Comparator.comparingDouble(item -> -item.uncertainty()));
      List<ReviewItem> drawn =
          open.stream().filter(Queue::isDrawn).limit(ReviewBench.LABELS).toList();
      List<ReviewItem> others = open.stream().filter(item -> !isDrawn(item)).toList();
      List<ReviewItem> known =
          Stream.concat(
                  answered.stream().skip(Math.max(0, answered.size() - REMEMBERED)), drawn.stream())
              .toList();
      List<ReviewItem> next =
          Stream.concat(
                  drawn.stream(),
                  page.of(others, known, ReviewBench.LABELS - drawn.size()).stream()
                      .map(others::get))
              .toList();
      next.forEach(this::answer);
      return next.stream().map(this::sample).toList();
    }

    private void pass(Optional<Head> champion) {
      int at = passed++ % stream.size();
      Sample sample = stream.get(at);
      partition(at)
          .sample(sample.id(), scored(sample, champion, at))
          .filter(item -> asked.add(at))
          .ifPresent(open::add);
    }

    private void answer(ReviewItem item) {
      open.remove(item);
      answered.add(item);
      partition(at(item)).answered();
    }

    private ReviewItem again(ReviewItem item, Optional<Head> champion) {
      Prediction now = scored(sample(item), champion, at(item)).prediction();
      return item.predicted(now, ReviewSampler.uncertainty(now, item.reason()));
    }

    private ReviewSampler partition(int at) {
      return partitions.get(at % partitions.size());
    }

    private Sample sample(ReviewItem item) {
      return stream.get(at(item));
    }

    private static int at(ReviewItem item) {
      return (int) item.prediction().image().offset();
    }

    private static boolean isDrawn(ReviewItem item) {
      return item.reason() == ReviewReason.AUDIT;
    }
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

  private static double margin(Scores scores) {
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
