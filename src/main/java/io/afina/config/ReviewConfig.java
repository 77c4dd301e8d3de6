package io.afina.config;

import static io.afina.config.InvalidConfigException.requireAtLeast;
import static io.afina.config.InvalidConfigException.requireBetween;
import static io.afina.config.InvalidConfigException.requireShare;

/**
 * Configures which images are sent to review. Shares are of the images of one partition; 0 turns a
 * reason off.
 *
 * @param uncertain share with the smallest margins
 * @param novel largest share of novel images
 * @param disagreement largest share of images on which champion and challenger disagree
 * @param audit share that is sampled at random
 * @param noModel share before there is a head
 * @param first images of a partition that are sent at once before there is a head
 * @param perAnswer further images that may be sent for each answer, before there is a head or with
 *     the smallest margins
 * @param noveltyQuantile an image is novel that is farther from the centroids than this share of
 *     the examples was, 0 to 1
 * @param similarity cosine of two embeddings above which two images are near-duplicates
 * @param recent how many of the last review items are searched for near-duplicates
 * @param seed of the random sample
 */
public record ReviewConfig(
    double uncertain,
    double novel,
    double disagreement,
    double audit,
    double noModel,
    int first,
    int perAnswer,
    double noveltyQuantile,
    double similarity,
    int recent,
    long seed) {
  public ReviewConfig {
    requireShare("review.uncertain", uncertain);
    requireShare("review.novel", novel);
    requireShare("review.disagreement", disagreement);
    requireShare("review.audit", audit);
    requireShare("review.noModel", noModel);
    requireAtLeast("review.first", first, 0);
    requireBetween("review.perAnswer", perAnswer, 0, 100);
    requireShare("review.noveltyQuantile", noveltyQuantile);
    requireShare("review.similarity", similarity);
    requireBetween("review.recent", recent, 0, 10_000);
  }
}
