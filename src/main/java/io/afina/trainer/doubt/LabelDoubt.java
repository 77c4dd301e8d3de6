package io.afina.trainer.doubt;

/**
 * How much the label of an example looks wrong to the others.
 *
 * @param row of the example
 * @param suspect whether another label is likelier, and enough examples bear this one to tell
 * @param doubt 0 for a label that is surely right, 1 for one that is surely wrong
 * @param probabilities of all labels
 * @param nearest rows of the most alike examples, the nearest first
 */
public record LabelDoubt(
    int row, boolean suspect, double doubt, float[] probabilities, int[] nearest) {}
