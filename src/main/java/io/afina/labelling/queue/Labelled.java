package io.afina.labelling.queue;

import io.afina.event.Prediction.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The images that bear a label, as far back as answers are remembered.
 *
 * @param count how many
 * @param shown the last of those of which it is known where their pictures are, by their ids
 */
public record Labelled(int count, Map<String, Position> shown) {

  /**
   * Groups answers by label.
   *
   * @param answers by image, the last one last
   * @param label gives the label of one
   * @param place gives the place of an image, if it is known
   * @param most images of a label that are shown
   */
  static Map<String, Labelled> byLabel(
      Map<String, Answers> answers,
      Function<Answers, String> label,
      Function<String, Optional<Position>> place,
      int most) {
    Map<String, List<String>> images = new HashMap<>();
    answers.forEach(
        (image, answer) ->
            images.computeIfAbsent(label.apply(answer), id -> new ArrayList<>()).add(image));
    Map<String, Labelled> labelled = new HashMap<>();
    images.forEach(
        (id, all) -> {
          Map<String, Position> shown = new LinkedHashMap<>();
          for (int n = all.size() - 1; n >= 0 && shown.size() < most; n--) {
            String image = all.get(n);
            place.apply(image).ifPresent(at -> shown.put(image, at));
          }
          labelled.put(id, new Labelled(all.size(), shown));
        });
    return labelled;
  }
}
