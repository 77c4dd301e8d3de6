package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.ConfigLoader;
import io.afina.config.TrainerConfig;
import io.afina.model.Head;
import io.afina.model.HeadRecipe;
import io.afina.model.HeadRecipe.Form;
import io.afina.model.Race.Entrant;
import io.afina.model.Verdict;
import io.afina.trainer.CandidateTrainer.Candidate;
import io.afina.trainer.RecipeChoice.Choice;
import io.afina.trainer.data.Clusters;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecipeChoiceTest {

  private static final Verdict PROMOTED = new Verdict(Verdict.Decision.PROMOTED, "for a test");

  private final Clusters clusters = new Clusters(1.0).add(300, "ant", "bee", "cat");
  private final CandidateTrainer leader = new CandidateTrainer(settings("auto"));
  private long version;

  @Test
  void shouldRaceAgainWhenTheExamplesHaveGrownByAFifth() {
    // given
    Candidate first = leader.train(clusters.examples(), Optional.empty());
    Head champion = head(first);
    assertThat(first.choice().held()).isPresent();
    assertThat(champion.card().training().race()).isEqualTo(first.choice().race());

    // when
    clusters.add(30, "ant", "bee", "cat");
    Candidate second = leader.train(clusters.examples(), Optional.of(champion));

    // then
    assertThat(second.choice())
        .isEqualTo(new Choice(first.choice().recipe(), first.choice().race(), false));
    assertThat(second.choice().held()).isEmpty();

    // when
    clusters.add(60, "ant", "bee", "cat");
    Candidate third = leader.train(clusters.examples(), Optional.of(head(second)));

    // then
    assertThat(third.choice().held()).isPresent();
    assertThat(third.choice().race().examples()).isGreaterThan(first.choice().race().examples());
  }

  @Test
  void shouldGoOnFromWhatTheChampionsCardSaysWhenAnotherLeads() {
    Head champion = head(leader.train(clusters.examples(), Optional.empty()));
    clusters.add(15, "ant", "bee", "cat");

    Candidate next =
        new CandidateTrainer(settings("auto")).train(clusters.examples(), Optional.of(champion));

    assertThat(next.choice().held()).isEmpty();
    assertThat(next.choice().recipe()).isEqualTo(champion.card().training().recipe());
  }

  @Test
  void shouldNotRepeatARaceWhoseHeadWasRejected() {
    // given
    Head champion = head(leader.train(clusters.examples(), Optional.empty()));
    clusters.add(120, "ant", "bee", "cat");
    Candidate rejected = leader.train(clusters.examples(), Optional.of(champion));

    // when
    clusters.add(15, "ant", "bee", "cat");
    Candidate next = leader.train(clusters.examples(), Optional.of(champion));

    // then
    assertThat(rejected.choice().held()).isPresent();
    assertThat(next.choice().held()).isEmpty();
    assertThat(next.choice().recipe()).isEqualTo(champion.card().training().recipe());
  }

  @Test
  void shouldTakeTheFormThatTheConfigurationNames() {
    // given
    Head champion = head(leader.train(clusters.examples(), Optional.empty()));

    // when
    Candidate named =
        new CandidateTrainer(settings("hidden")).train(clusters.examples(), Optional.of(champion));

    // then
    assertThat(named.choice().recipe().form()).isEqualTo(Form.HIDDEN);
    assertThat(named.choice().race().entrants())
        .extracting(Entrant::recipe)
        .extracting(HeadRecipe::form)
        .allMatch(Form.HIDDEN::equals);

    // when it names none any more
    Candidate open = leader.train(clusters.examples(), Optional.of(head(named)));

    // then
    assertThat(open.choice().race().forms()).hasSizeGreaterThan(1);
  }

  @Test
  void shouldChooseAmongFewExamplesEveryTimeWithoutAHiddenLayer() {
    Clusters few = new Clusters(1.0).add(40, "ant", "bee");
    Head champion = head(leader.train(few.examples(), Optional.empty()));

    Candidate next = leader.train(few.examples(), Optional.of(champion));

    assertThat(next.choice().held()).isPresent();
    assertThat(next.choice().race().forms()).doesNotContain(Form.HIDDEN);
  }

  @Test
  void shouldRaceAnewWhenThoseThatJudgeChoseTheRecipe() {
    // given
    Clusters growing = new Clusters(1.0).add(130, "ant", "bee");
    Candidate few = leader.train(growing.examples(), Optional.empty());

    // when there are just enough for a holdout
    Candidate many = leader.train(growing.add(60, "ant", "bee").examples(), Optional.of(head(few)));

    // then
    assertThat(many.choice().held()).isPresent();
  }

  private Head head(Candidate candidate) {
    return leader.head(candidate, ++version, Map.of(0, 1000L), null, null, 0, PROMOTED);
  }

  private static TrainerConfig settings(String head) {
    return ConfigLoader.defaults()
        .set("trainer.head", head)
        .set("trainer.hidden", 16)
        .load()
        .trainer();
  }
}
