package io.afina.trainer.fit;

import io.afina.label.name.LabelName;
import io.afina.model.Head;
import io.afina.model.layer.Dense;
import io.afina.model.layer.Layer;
import java.util.List;

/**
 * The initial weights of a training: the layers of a head that was trained before.
 *
 * @param backbone whose embeddings the layers take
 * @param labels in the order of the outputs
 * @param layers for raw embeddings
 */
public record WarmStart(String backbone, List<String> labels, List<Layer> layers) {

  public static WarmStart of(Head head) {
    return new WarmStart(head.card().backbone(), head.card().labels(), head.layers());
  }

  /** The last layer for other labels; new ones begin at zero. */
  Dense last(List<String> now) {
    Dense layer = (Dense) layers.get(layers.size() - 1);
    List<String> keys = labels.stream().map(LabelName::key).toList();
    float[] weights = new float[layer.inputs() * now.size()];
    float[] bias = new float[now.size()];
    for (int to = 0; to < now.size(); to++) {
      int from = keys.indexOf(LabelName.key(now.get(to)));
      if (from >= 0) {
        bias[to] = layer.bias()[from];
        for (int i = 0; i < layer.inputs(); i++) {
          weights[i * now.size() + to] = layer.weights()[i * labels.size() + from];
        }
      }
    }
    return new Dense(layer.inputs(), now.size(), weights, bias);
  }
}
