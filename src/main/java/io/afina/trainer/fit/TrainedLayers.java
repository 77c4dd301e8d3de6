package io.afina.trainer.fit;

import io.afina.model.HeadRecipe;
import io.afina.model.layer.Layer;
import java.util.List;

/**
 * What a training gives.
 *
 * @param recipe with the epochs that were taken: training by it again, with no examples to select
 *     by, takes as many
 * @param layers for raw embeddings, their outputs in the order of the examples' labels
 * @param accuracy on the examples trained on, 0 to 1
 * @param device where they were trained, such as {@code cpu} or {@code gpu:0}
 */
public record TrainedLayers(
    HeadRecipe recipe, List<Layer> layers, double accuracy, String device) {}
