package io.afina.trainer;

import io.afina.config.TrainerConfig;
import io.afina.config.TrainerConfig.HeadForm;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.HeadRecipe;
import io.afina.model.HeadRecipe.Form;
import io.afina.model.Measures;
import io.afina.model.Measures.Method;
import io.afina.model.Race;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.HeadRace;
import io.afina.trainer.fit.HeadTraining;
import io.afina.trainer.fit.TrainedLayers;
import io.afina.trainer.judge.Holdout;
import io.afina.trainer.judge.Holdout.Split;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Chooses the recipe of a head: that of the champion, and by a race when there is none, when the
 * examples have changed by a fifth since the last one, or when the configuration asks for another
 * form. The champion's card says what was raced and when, so that whoever leads next goes on. For
 * one thread.
 */
final class RecipeChoice {

  /** So many times as many examples make a race due. */
  private static final double GROWTH = 1.2;

  private final HeadTraining training;
  private final Optional<Form> fixed;
  private final int hidden;

  /** The last race here of each backbone, so that no head that was rejected repeats it. */
  private final Map<String, Race> last = new HashMap<>();

  /**
   * What was chosen.
   *
   * @param race in which it was, in this training or an earlier one
   * @param now whether it was in this one
   */
  record Choice(HeadRecipe recipe, Race race, boolean now) {

    /** The same with the strength that was needed. */
    Choice by(TrainedLayers trained) {
      return trained.recipe().strength() == recipe.strength()
          ? this
          : new Choice(trained.recipe(), race, now);
    }

    /** The race of this training, if one was held. */
    Optional<Race> held() {
      return Optional.of(race).filter(one -> now && !one.entrants().isEmpty());
    }
  }

  RecipeChoice(TrainerConfig settings, HeadTraining training) {
    this.training = training;
    this.hidden = settings.hidden();
    this.fixed =
        settings.head() == HeadForm.AUTO
            ? Optional.empty()
            : Optional.of(Form.valueOf(settings.head().name()));
  }

  /**
   * Chooses among many examples, none of which judges, nor did in the champion's day.
   *
   * @param champion of the same backbone, or empty
   */
  Choice among(ExampleSet examples, Optional<Head> champion) {
    Optional<Choice> champions =
        champion.map(Head::card).flatMap(RecipeChoice::of).filter(this::isWanted);
    Optional<Choice> latest =
        Optional.ofNullable(last.get(examples.backbone()))
            .map(race -> new Choice(race.winner(), race, false));
    boolean fresh =
        Stream.of(champions, latest)
            .flatMap(Optional::stream)
            .anyMatch(one -> isFresh(one.race(), examples.size()));
    return fresh ? champions.or(() -> latest).orElseThrow() : race(examples);
  }

  /**
   * Chooses among few examples, where all judge in turn: among the others of each, every time. A
   * hidden layer takes part only where no other form may, because it takes long and is no simpler.
   */
  Choice among(ExampleSet few) {
    List<HeadRecipe> entrants = entrants(few);
    List<HeadRecipe> quick =
        entrants.stream().filter(recipe -> recipe.form() != Form.HIDDEN).toList();
    Race race = race(quick.isEmpty() ? entrants : quick, few);
    return new Choice(race.winner(), race, true);
  }

  private Choice race(ExampleSet examples) {
    Race race = race(entrants(examples), examples);
    HeadRecipe recipe = stopped(race.winner(), examples);
    Race held = new Race(race.examples(), race.entrants(), recipe);
    last.put(examples.backbone(), held);
    return new Choice(recipe, held, true);
  }

  private Race race(List<HeadRecipe> entrants, ExampleSet examples) {
    return entrants.size() > 1 && canBeHeld(examples)
        ? HeadRace.run(training, entrants, examples)
        : new Race(examples.size(), List.of(), entrants.get(0));
  }

  private List<HeadRecipe> entrants(ExampleSet examples) {
    List<HeadRecipe> all = training.recipes(examples, fixed);
    List<HeadRecipe> small =
        all.stream()
            .filter(
                recipe ->
                    new HeadSize(examples.width(), recipe.form(), hidden, examples.labels())
                        .tooLarge()
                        .isEmpty())
            .toList();
    return small.isEmpty() ? all : small;
  }

  /** With the epoch at which to stop, where the race did not say. */
  private HeadRecipe stopped(HeadRecipe recipe, ExampleSet examples) {
    Split split = Holdout.selection(examples);
    return recipe.form() == Form.HIDDEN && recipe.epochs() == 0 && split.holdout().size() > 0
        ? training
            .train(recipe, split.train(), Optional.empty(), Optional.of(split.holdout()))
            .recipe()
        : recipe;
  }

  /** What a head was chosen by, unless it was while those judged that do now. */
  private static Optional<Choice> of(HeadCard card) {
    HeadRecipe recipe = card.training().recipe();
    Race race = card.training().race();
    Measures measures = card.measures();
    return recipe == null
            || race == null
            || measures == null
            || measures.method() == Method.CROSS_VALIDATION
        ? Optional.empty()
        : Optional.of(new Choice(recipe, race, false));
  }

  /** Whether the configuration asks for such a choice: of this form, or of several. */
  private boolean isWanted(Choice choice) {
    return fixed
        .map(form -> form == choice.recipe().form())
        .orElseGet(() -> choice.race().forms().size() > 1);
  }

  private static boolean isFresh(Race race, int examples) {
    return examples <= GROWTH * race.examples() && race.examples() <= GROWTH * examples;
  }

  /** Whether two labels have two examples, one to train on and one to compare by. */
  private static boolean canBeHeld(ExampleSet examples) {
    int[] counts = examples.counts();
    return IntStream.of(counts).filter(count -> count > 1).limit(2).count() == 2;
  }
}
