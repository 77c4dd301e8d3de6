package io.afina.trainer.fit;

import io.afina.model.Dense;
import io.afina.model.HeadRecipe;
import java.util.List;

/**
 * What a training gives.
 *
 * @param layers for raw embeddings, their outputs in the order of the examples' labels
 * @param accuracy on the examples trained on, 0 to 1
 * @param device where they were trained, such as {@code cpu} or {@code gpu:0}
 * @param recipe with the epochs that they took, where the form stops early
 */
public record TrainedLayers(
    List<Dense> layers, double accuracy, String device, HeadRecipe recipe) {}
