package io.afina.label;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the outputs of a head are called now. Outputs of labels that became one belong to one name,
 * those of retired labels to none.
 *
 * @param names each once, in the order of the first output of each
 * @param places for each output the place of its name, or -1
 */
public record OutputLabels(List<String> names, int[] places) {

  public OutputLabels {
    names = List.copyOf(names);
  }

  /** Names the outputs of a head that learned these labels. */
  public static OutputLabels of(List<String> learned, LabelTable table) {
    Map<String, Integer> known = new HashMap<>();
    List<String> names = new ArrayList<>();
    int[] places = new int[learned.size()];
    for (int output = 0; output < places.length; output++) {
      String label = learned.get(output);
      if (table.isRetired(label)) {
        places[output] = -1;
      } else {
        places[output] = known.computeIfAbsent(table.id(label), id -> names.size());
        if (places[output] == names.size()) {
          names.add(table.name(label));
        }
      }
    }
    return new OutputLabels(names, places);
  }

  /**
   * The probability of each name: a softmax over all outputs that have one, added up by name.
   *
   * @param temperature divides the logits
   */
  public double[] probabilities(float[] logits, double temperature) {
    double max = max(logits);
    double[] sums = new double[names.size()];
    double all = 0;
    for (int output = 0; output < places.length; output++) {
      if (places[output] >= 0) {
        double share = Math.exp((logits[output] - max) / temperature);
        sums[places[output]] += share;
        all += share;
      }
    }
    for (int place = 0; place < sums.length; place++) {
      sums[place] /= all;
    }
    return sums;
  }

  /** A logit for each name, of which a softmax gives the same probabilities. */
  public float[] logits(float[] logits) {
    if (names.size() == places.length) {
      return logits;
    }
    double max = max(logits);
    double[] sums = new double[names.size()];
    for (int output = 0; output < places.length; output++) {
      if (places[output] >= 0) {
        sums[places[output]] += Math.exp(logits[output] - max);
      }
    }
    float[] merged = new float[sums.length];
    for (int place = 0; place < sums.length; place++) {
      merged[place] = (float) (max + Math.log(sums[place]));
    }
    return merged;
  }

  private double max(float[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (int output = 0; output < places.length; output++) {
      max = places[output] < 0 ? max : Math.max(max, logits[output]);
    }
    return max;
  }
}
