package io.afina.selection;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.replay.LabelledPicture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Labelled pictures to compare backbones on.
 *
 * @param pictures as many of each label as there are and fit
 * @param all how many there were
 */
record PictureSample(List<LabelledPicture> pictures, int all) {

  /** With fewer a label cannot be judged by other folds. */
  private static final int FEWEST = 2;

  /**
   * The pictures of a folder that has a folder a label, at most so many: of each label in turn.
   *
   * @throws AfinaException when it has not two labels with two pictures each
   */
  static PictureSample of(Path folder, int most, long seed) {
    Map<String, List<LabelledPicture>> labels = new LinkedHashMap<>();
    List<LabelledPicture> all = LabelledPicture.folder(folder, seed);
    all.forEach(
        picture -> labels.computeIfAbsent(picture.label(), l -> new ArrayList<>()).add(picture));
    if (labels.values().stream().filter(own -> own.size() >= FEWEST).count() < FEWEST) {
      throw new AfinaException(
          ExitCode.NOT_FOUND,
          "%s has %d labels, of which fewer than two have two pictures: give a folder with a folder a label, and some pictures in each"
              .formatted(folder, labels.size()));
    }
    List<LabelledPicture> chosen = new ArrayList<>();
    for (int turn = 0; chosen.size() < Math.min(most, all.size()); turn++) {
      for (List<LabelledPicture> own : labels.values()) {
        if (turn < own.size() && chosen.size() < most) {
          chosen.add(own.get(turn));
        }
      }
    }
    return new PictureSample(chosen, all.size());
  }
}
