package io.afina.trainer;

import io.afina.event.Prediction.Score;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.suspect.Suspects;
import io.afina.suspect.Suspects.Alike;
import io.afina.suspect.Suspects.Place;
import io.afina.suspect.Suspects.Suspect;
import io.afina.trainer.data.Example;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.doubt.LabelDoubt;
import io.afina.trainer.fit.HeadTraining;
import io.afina.trainer.judge.Holdout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Searches the training examples for labels that look wrong. Examples that somebody has checked are
 * believed. For one thread.
 */
record SuspectSearch(HeadTraining training) {

  /** The newest so many are searched: the time that it takes is bounded. */
  private static final int MOST_SEARCHED = 20_000;

  /** So many are compared with one another at once: it takes their square in memory. */
  private static final int MOST_AT_ONCE = 3200;

  /** So many numbers are kept of the labels of those. */
  private static final int MOST_NUMBERS = 8_000_000;

  /** Where heads are often wrong, much looks wrong: people are asked about the most doubtful. */
  private static final int ONE_OF = 10;

  private static final int MOST_ALIKE = 4;
  private static final int TOP = 5;

  /** Finds them. */
  Suspects search(ExampleSet all) {
    ExampleSet searched = all.newest(MOST_SEARCHED);
    int atOnce = Math.min(MOST_AT_ONCE, Math.max(2, MOST_NUMBERS / all.labels().size()));
    int parts = (searched.size() + atOnce - 1) / atOnce;
    int[] folds = Holdout.folds(searched, parts);
    List<Suspect> found = new ArrayList<>();
    for (int n = 0; n < parts; n++) {
      int part = n;
      ExampleSet together = searched.where(row -> folds[row] == part);
      if (together.labels().size() > 1) {
        training.doubts(together).stream()
            .filter(LabelDoubt::suspect)
            .flatMap(doubt -> suspect(together, doubt).stream())
            .forEach(found::add);
      }
    }
    found.sort(
        Comparator.comparingDouble((Suspect suspect) -> -suspect.doubt())
            .thenComparing(Suspect::image));
    int most = Math.min(found.size(), Math.max(1, searched.size() / ONE_OF));
    return new Suspects(
        all.backbone(), searched.size(), most, Instant.now(), found.subList(0, most));
  }

  /** The examples without suspects, or all, if a label would be lost. */
  ExampleSet others(ExampleSet all, Suspects suspects) {
    Set<String> doubtful = suspects.all().stream().map(Suspect::image).collect(Collectors.toSet());
    ExampleSet others = all.where(row -> !doubtful.contains(all.examples().get(row).id()));
    return others.labels().size() < all.labels().size() ? all : others;
  }

  /** Nobody can be shown a picture of which it is not known where it is. */
  private static Optional<Suspect> suspect(ExampleSet all, LabelDoubt doubt) {
    Example example = all.examples().get(doubt.row());
    ImagePlace image = example.origin().image();
    return image == null || example.origin().checked()
        ? Optional.empty()
        : Optional.of(
            new Suspect(
                example.id(),
                example.partition(),
                example.offset(),
                all.label(doubt.row()),
                example.labellers(),
                example.origin().said(),
                doubt.doubt(),
                top(all, doubt),
                place(image),
                IntStream.of(doubt.nearest())
                    .boxed()
                    .flatMap(row -> alike(all, row))
                    .limit(MOST_ALIKE)
                    .toList()));
  }

  private static List<Score> top(ExampleSet all, LabelDoubt doubt) {
    float[] probabilities = doubt.probabilities();
    return IntStream.range(0, probabilities.length)
        .mapToObj(label -> new Score(all.labels().get(label), probabilities[label]))
        .sorted(Comparator.comparingDouble(score -> -score.confidence()))
        .limit(TOP)
        .toList();
  }

  private static Stream<Alike> alike(ExampleSet all, int row) {
    Example example = all.examples().get(row);
    return Stream.ofNullable(example.origin().image())
        .map(image -> new Alike(example.id(), all.label(row), place(image)));
  }

  private static Place place(ImagePlace image) {
    return new Place(image.partition(), image.offset());
  }
}
