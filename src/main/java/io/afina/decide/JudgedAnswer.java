package io.afina.decide;

/**
 * What a head that had not seen an example said of it, and whether that was right.
 *
 * @param predicted the most likely label
 * @param confidence its calibrated probability, 0 to 1
 * @param audited whether the image was drawn by chance, as only an unbiased sample is
 * @param arrived counts the changes of the dataset: the order in which answers came
 */
public record JudgedAnswer(
    String predicted, double confidence, boolean right, boolean audited, long arrived) {}
