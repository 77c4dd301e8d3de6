package io.afina.review;

import io.afina.config.ReviewConfig;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Decision;
import io.afina.event.Prediction.Shadow;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.model.Centroids;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Selects the images that people are asked to label (active learning). A share is sampled at
 * random, whatever else is known. Of the others, those are selected whose label would teach most,
 * each reason within its share of the stream and tried in this order: novel images, far from all
 * that the champion was trained on; images on which champion and challenger disagree; images on
 * which the champion is uncertain, and which nobody may use unseen. Near-duplicates of images
 * selected lately are left out.
 *
 * <p>It remembers only what passed since it was made; {@code
 * src/docs/decisions/0017-what-is-asked.md} says why that is enough. For one thread.
 */
public final class ReviewSampler {

  /** Margins over which the uncertainty quantile is taken. */
  private static final int WINDOW = 500;

  private final ReviewConfig settings;
  private final AuditSampler audit;
  private final Map<ReviewReason, ReviewBudget> budgets = new EnumMap<>(ReviewReason.class);
  private final SlidingQuantiles margins = new SlidingQuantiles(WINDOW);
  private final NearDuplicateFilter recent;

  public ReviewSampler(ReviewConfig settings) {
    this.settings = settings;
    this.audit = new AuditSampler(settings.audit(), settings.seed());
    this.recent = new NearDuplicateFilter(settings.recent(), settings.similarity());
    int more = settings.perAnswer();
    budgets.put(
        ReviewReason.NO_MODEL, new ReviewBudget(settings.noModel(), settings.first(), more));
    budgets.put(ReviewReason.NOVEL, new ReviewBudget(settings.novel(), 1, 0));
    budgets.put(ReviewReason.DISAGREEMENT, new ReviewBudget(settings.disagreement(), 1, 0));
    budgets.put(ReviewReason.UNCERTAIN, new ReviewBudget(settings.uncertain(), 1, more));
  }

  /** Somebody answered a question: people have time for more, and gain by a choice of them. */
  public void answered() {
    budgets.values().forEach(ReviewBudget::answered);
  }

  /** Takes the next image of the stream; gives its review item if it is selected. */
  public Optional<ReviewItem> sample(String id, ScoredImage image) {
    Prediction prediction = image.prediction();
    float[] embedding = image.embedding().values();
    budgets.values().forEach(ReviewBudget::fill);
    Optional<ReviewReason> selected =
        audit.samples(id, prediction.image())
            ? Optional.of(ReviewReason.AUDIT)
            : reason(image).filter(reason -> !recent.isNearDuplicate(embedding));
    if (prediction.margin() != null) {
      margins.add(prediction.margin());
    }
    selected.ifPresent(
        reason -> {
          recent.add(embedding);
          Optional.ofNullable(budgets.get(reason)).ifPresent(ReviewBudget::spend);
        });
    return selected.map(
        reason -> ReviewItem.of(prediction, reason, uncertainty(prediction, reason), embedding));
  }

  private Optional<ReviewReason> reason(ScoredImage image) {
    if (image.champion().isEmpty()) {
      return Optional.of(ReviewReason.NO_MODEL).filter(this::isAvailable);
    }
    if (isAvailable(ReviewReason.NOVEL) && isNovel(image)) {
      return Optional.of(ReviewReason.NOVEL);
    }
    if (isAvailable(ReviewReason.DISAGREEMENT) && isDisputed(image.prediction())) {
      return Optional.of(ReviewReason.DISAGREEMENT);
    }
    return Optional.of(ReviewReason.UNCERTAIN)
        .filter(this::isAvailable)
        .filter(reason -> isUncertain(image.prediction()));
  }

  private boolean isAvailable(ReviewReason reason) {
    return budget(reason).isAvailable();
  }

  private ReviewBudget budget(ReviewReason reason) {
    return Optional.ofNullable(budgets.get(reason)).orElseThrow();
  }

  private boolean isNovel(ScoredImage image) {
    Centroids known = image.champion().orElseThrow().centroids();
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
        && prediction.decision() != Decision.ACCEPT
        && margins.isBelow(budget(ReviewReason.UNCERTAIN).quantile(), margin);
  }

  /**
   * How uncertain an image is, 0 to 1. Without a head and for novel images it is 1; where two heads
   * disagree, it falls with the difference of their confidences; elsewhere, with the margin.
   */
  public static double uncertainty(Prediction prediction, ReviewReason reason) {
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
