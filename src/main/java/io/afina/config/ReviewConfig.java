package io.afina.config;

import static io.afina.config.InvalidConfigException.require;
import static io.afina.config.InvalidConfigException.requireShare;

/**
 * What the classifier asks people about. Shares are of the images of one partition; 0 turns a
 * reason off.
 *
 * @param uncertain share of the stream on which the champion hesitates most
 * @param novel share that may be asked because it is far from all that was trained on
 * @param disagreement share that may be asked because champion and challenger differ
 * @param audit share that is drawn by chance
 * @param noModel share before there is a head
 * @param first images of a partition that are asked at once before there is a head
 * @param noveltyQuantile an image is novel that is farther from what is known than this share of
 *     the examples was, 0 to 1
 * @param similarity cosine of two embeddings from which on two pictures are nearly the same
 * @param recent how many of the last questions are looked through for such pictures
 * @param seed of the drawing by chance
 */
public record ReviewConfig(
    double uncertain,
    double novel,
    double disagreement,
    double audit,
    double noModel,
    int first,
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
    require(first >= 0, "review.first", first, "0 or more");
    requireShare("review.noveltyQuantile", noveltyQuantile);
    requireShare("review.similarity", similarity);
    require(recent >= 0 && recent <= 10_000, "review.recent", recent, "between 0 and 10,000");
  }
}
