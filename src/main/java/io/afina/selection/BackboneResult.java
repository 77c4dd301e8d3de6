package io.afina.selection;

import io.afina.backbone.BackboneResolver;
import io.afina.model.WilsonInterval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison found of a backbone.
 *
 * @param address as it was given
 * @param name of its card
 * @param embeddingSize in numbers
 * @param fileMegabytes of its file
 * @param memoryMegabytes by which the process grew when it loaded and ran it; null where the system
 *     does not say
 * @param picturesPerSecond decoded and embedded, one after the other in one thread
 * @param accuracy of the trainer's heads on pictures that they had not seen, with its interval
 * @param recipe of the heads that most folds chose
 * @param fewExamples accuracy with few examples a label
 * @param unusable pictures that could not be decoded
 */
public record BackboneResult(
    String address,
    String name,
    String licence,
    int embeddingSize,
    double fileMegabytes,
    @Nullable Double memoryMegabytes,
    double picturesPerSecond,
    WilsonInterval accuracy,
    String recipe,
    List<FewExamples> fewExamples,
    int unusable) {

  /**
   * Accuracy of heads with few examples.
   *
   * @param examples of each label
   * @param accuracy the mean over draws
   * @param low the least of the draws
   * @param high the best of the draws
   */
  public record FewExamples(int examples, double accuracy, double low, double high) {}

  /** The address without folders. */
  public String shortName() {
    return BackboneResolver.name(address);
  }

  /** The share that is right, 0 to 1. */
  public double share() {
    return (double) accuracy.right() / Math.max(1, accuracy.total());
  }
}
