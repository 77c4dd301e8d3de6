package io.afina.review;

import io.afina.config.ReviewConfig;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Shadow;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.model.Centroids;
import io.afina.model.Head;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which images people are asked about, and why. Some are drawn by chance, whatever else is
 * known of them. Of the others, what a label would teach most about: an image like none that was
 * trained on, one of which champion and challenger say different things, one where the champion
 * hesitates, in this order, each reason within its share of the stream. What is nearly the same as
 * something that was asked lately is not asked again.
 *
 * <p>It remembers only what passed since it was made; {@code
 * src/docs/decisions/0017-what-is-asked.md} says why that is enough. For one thread.
 */
public final class ReviewSampler {

  /** Margins that the smallest are told by. */
  private static final int WINDOW = 500;

  private final ReviewConfig settings;
  private final AuditSampler draw;
  private final Map<ReviewReason, ReviewBudget> budgets = new EnumMap<>(ReviewReason.class);
  private final SlidingQuantiles margins = new SlidingQuantiles(WINDOW);
  private final NearDuplicateFilter recent;

  public ReviewSampler(ReviewConfig settings) {
    this.settings = settings;
    this.draw = new AuditSampler(settings.audit(), settings.seed());
    this.recent = new NearDuplicateFilter(settings.recent(), settings.similarity());
    budgets.put(ReviewReason.NO_MODEL, new ReviewBudget(settings.noModel(), settings.first()));
    budgets.put(ReviewReason.NOVEL, new ReviewBudget(settings.novel(), 1));
    budgets.put(ReviewReason.DISAGREEMENT, new ReviewBudget(settings.disagreement(), 1));
    budgets.put(ReviewReason.UNCERTAIN, new ReviewBudget(settings.uncertain(), 1));
  }

  /** Lets an image pass; gives the question if there is one. */
  public Optional<ReviewItem> about(String id, ScoredImage image) {
    Prediction prediction = image.prediction();
    budgets.values().forEach(ReviewBudget::pass);
    Optional<ReviewReason> reason =
        draw.isDrawn(id, prediction.image()) ? Optional.of(ReviewReason.AUDIT) : worthAsking(image);
    if (prediction.margin() != null) {
      margins.add(prediction.margin());
    }
    reason.ifPresent(
        why -> {
          recent.add(image.embedding().values());
          Optional.ofNullable(budgets.get(why)).ifPresent(ReviewBudget::spend);
        });
    return reason.map(why -> new ReviewItem(prediction, why, uncertainty(prediction, why)));
  }

  private Optional<ReviewReason> worthAsking(ScoredImage image) {
    return candidate(image).filter(reason -> !recent.hasLike(image.embedding().values()));
  }

  private Optional<ReviewReason> candidate(ScoredImage image) {
    Prediction prediction = image.prediction();
    if (image.champion().isEmpty()) {
      return allowed(ReviewReason.NO_MODEL);
    }
    if (allows(ReviewReason.NOVEL) && isNovel(image.champion().get(), image)) {
      return Optional.of(ReviewReason.NOVEL);
    }
    if (allows(ReviewReason.DISAGREEMENT) && isDisputed(prediction)) {
      return Optional.of(ReviewReason.DISAGREEMENT);
    }
    return isUncertain(prediction) ? allowed(ReviewReason.UNCERTAIN) : Optional.empty();
  }

  private Optional<ReviewReason> allowed(ReviewReason reason) {
    return allows(reason) ? Optional.of(reason) : Optional.empty();
  }

  private boolean allows(ReviewReason reason) {
    return budget(reason).allows();
  }

  private ReviewBudget budget(ReviewReason reason) {
    return Optional.ofNullable(budgets.get(reason)).orElseThrow();
  }

  private boolean isNovel(Head champion, ScoredImage image) {
    Centroids known = champion.centroids();
    return known != null
        && known.distance(image.embedding().values()) > known.limit(settings.noveltyQuantile());
  }

  private static boolean isDisputed(Prediction prediction) {
    Shadow shadow = prediction.shadow();
    return shadow != null && !shadow.label().equals(prediction.label());
  }

  private boolean isUncertain(Prediction prediction) {
    Double margin = prediction.margin();
    return margin != null
        && margins.isAmongSmallest(budget(ReviewReason.UNCERTAIN).quantile(), margin);
  }

  /**
   * What is not known is worth most. Where two heads differ, a label is worth more the more evenly
   * sure they are; elsewhere, the less the champion puts its answer before the next.
   */
  private static double uncertainty(Prediction prediction, ReviewReason reason) {
    Double margin = prediction.margin();
    Double confidence = prediction.confidence();
    Shadow shadow = prediction.shadow();
    if (margin == null || reason == ReviewReason.NOVEL) {
      return 1;
    }
    return reason == ReviewReason.DISAGREEMENT && shadow != null && confidence != null
        ? 1 - Math.abs(confidence - shadow.confidence())
        : 1 - margin;
  }
}
