package io.afina.trainer;

import io.afina.model.Dense;
import io.afina.model.Head;
import java.util.ArrayList;
import java.util.List;

/**
 * Where training starts when there is a head already: its rows, label by label, and zeros for
 * labels that are new.
 */
final class WarmStart {

  private WarmStart() {}

  /** The head's layers for these labels and for standardised embeddings. */
  static List<Dense> layers(Head head, List<String> labels, Standardisation standard) {
    List<Dense> layers = new ArrayList<>(head.layers());
    int last = layers.size() - 1;
    layers.set(last, relabelled(layers.get(last), head.card().labels(), labels));
    return standard.unfold(layers);
  }

  private static Dense relabelled(Dense layer, List<String> before, List<String> now) {
    float[] weights = new float[layer.inputs() * now.size()];
    float[] bias = new float[now.size()];
    for (int to = 0; to < now.size(); to++) {
      int from = before.indexOf(now.get(to));
      if (from >= 0) {
        bias[to] = layer.bias()[from];
        for (int i = 0; i < layer.inputs(); i++) {
          weights[i * now.size() + to] = layer.weights()[i * before.size() + from];
        }
      }
    }
    return new Dense(layer.inputs(), now.size(), weights, bias);
  }
}
