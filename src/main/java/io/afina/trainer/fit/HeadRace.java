package io.afina.trainer.fit;

import io.afina.model.HeadRecipe;
import io.afina.model.HeadRecipe.Form;
import io.afina.model.Race;
import io.afina.trainer.data.ExampleSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Chooses among recipes by what heads trained by them say of examples that these heads did not see:
 * parts of the examples take turns at being unseen. The simplest form wins that no other is better
 * than, beyond chance.
 */
public final class HeadRace {

  /** Examples that forms which take epochs are trained on, over all splits but the first. */
  private static final int MOST_BY_EPOCHS = 1500;

  private final HeadTraining training;
  private final List<RaceSplit> splits;

  private HeadRace(HeadTraining training, List<RaceSplit> splits) {
    this.training = training;
    this.splits = splits;
  }

  /**
   * Runs it.
   *
   * @param entrants the simplest form first, of a form the weakest strength first; they are tried
   *     for as long as the next is better than the one before, beyond chance
   * @param examples that it may see, and no others
   */
  public static Race run(HeadTraining training, List<HeadRecipe> entrants, ExampleSet examples) {
    HeadRace race = new HeadRace(training, RaceSplit.of(examples));
    List<RaceResult> results = new ArrayList<>();
    RaceResult winner = null;
    if (race.splits.isEmpty() || entrants.size() == 1) {
      return new Race(examples.size(), List.of(), entrants.get(0));
    }
    for (List<HeadRecipe> recipes : byForm(entrants)) {
      List<RaceResult> tried = race.tried(recipes);
      RaceResult best = RaceResult.best(tried);
      winner = winner == null || best.isBetter(winner) ? best : winner;
      results.addAll(tried);
    }
    return new Race(
        examples.size(),
        results.stream().map(RaceResult::entrant).toList(),
        winner == null ? entrants.get(0) : winner.recipe());
  }

  private static Collection<List<HeadRecipe>> byForm(List<HeadRecipe> entrants) {
    Map<Form, List<HeadRecipe>> forms =
        entrants.stream()
            .collect(
                Collectors.groupingBy(HeadRecipe::form, LinkedHashMap::new, Collectors.toList()));
    return forms.values();
  }

  /** Tries the strengths of a form, on all splits at once, so that each starts from the last. */
  private List<RaceResult> tried(List<HeadRecipe> recipes) {
    List<Turn> turns =
        splits.stream()
            .limit(turns(recipes.get(0).form()))
            .map(split -> new Turn(training, split, recipes.get(0).form()))
            .toList();
    try {
      List<RaceResult> results = new ArrayList<>();
      for (HeadRecipe recipe : recipes) {
        RaceResult result = result(recipe, turns);
        boolean rises = results.isEmpty() || result.isBetter(results.get(results.size() - 1));
        results.add(result);
        if (!rises) {
          break;
        }
      }
      return results;
    } finally {
      turns.forEach(Turn::close);
    }
  }

  /** How many splits a form is tried on: of the one that is trained slowly less is asked. */
  private int turns(Form form) {
    int affordable = MOST_BY_EPOCHS / splits.get(0).known().size();
    return form == Form.HIDDEN ? Math.max(1, Math.min(splits.size(), affordable)) : splits.size();
  }

  private static RaceResult result(HeadRecipe recipe, List<Turn> turns) {
    long start = System.nanoTime();
    List<float[]> logits = new ArrayList<>();
    List<Integer> targets = new ArrayList<>();
    int epochs = 0;
    for (Turn turn : turns) {
      TrainedLayers trained = turn.fit.train(recipe);
      epochs += trained.recipe().epochs();
      logits.addAll(Arrays.asList(turn.logits(trained)));
      Arrays.stream(turn.split.unseen().targets()).forEach(targets::add);
    }
    return RaceResult.of(
        new HeadRecipe(recipe.form(), recipe.strength(), Math.round((float) epochs / turns.size())),
        logits.toArray(float[][]::new),
        targets.stream().mapToInt(Integer::intValue).toArray(),
        (System.nanoTime() - start) / 1e9);
  }

  /** The training of a form on one split. */
  private static final class Turn {

    private final HeadTraining training;
    private final RaceSplit split;
    private final FormTraining.Fit fit;

    Turn(HeadTraining training, RaceSplit split, Form form) {
      this.training = training;
      this.split = split;
      this.fit = training.open(form, split.known(), Optional.empty(), Optional.of(split.unseen()));
    }

    float[][] logits(TrainedLayers trained) {
      return training.logits(trained.layers(), split.unseen());
    }

    void close() {
      fit.close();
    }
  }
}
