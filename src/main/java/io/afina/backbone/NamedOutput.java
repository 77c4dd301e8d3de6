package io.afina.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.afina.backbone.card.UnfitOutputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An output of a network, by the name that its file gives it.
 *
 * @param name its number from 0 where the file gives none
 * @param shape for a number of pictures, which comes first
 */
record NamedOutput(String name, long[] shape) {

  /** All outputs, in the network's order. */
  static List<NamedOutput> all(NDList outputs) {
    List<NamedOutput> all = new ArrayList<>();
    for (NDArray output : outputs) {
      all.add(new NamedOutput(name(output, all.size()), output.getShape().getShape()));
    }
    return all;
  }

  /**
   * The output of a name.
   *
   * @param name null for the only one
   * @throws UnfitOutputException when there is none, or are several; the message lists them
   */
  static NDArray choose(NDList outputs, @Nullable String name) {
    if (name == null && outputs.size() == 1) {
      return outputs.get(0);
    }
    for (int i = 0; i < outputs.size(); i++) {
      if (name != null && name.equals(name(outputs.get(i), i))) {
        return outputs.get(i);
      }
    }
    String list =
        all(outputs).stream().map(NamedOutput::toString).collect(Collectors.joining(", "));
    throw new UnfitOutputException(
        name == null
            ? "it gives %d outputs, %s: write output.name into the card"
                .formatted(outputs.size(), list)
            : "it has no output %s, only %s: correct the card's output.name".formatted(name, list));
  }

  private static String name(NDArray output, int number) {
    String name = output.getName();
    return name == null ? Integer.toString(number) : name;
  }

  @Override
  public String toString() {
    return name + " " + Arrays.toString(shape);
  }
}
