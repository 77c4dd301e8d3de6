package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.ConfigLoader;
import io.afina.suspect.Suspects;
import io.afina.suspect.Suspects.Alike;
import io.afina.suspect.Suspects.Suspect;
import io.afina.trainer.data.Clusters;
import io.afina.trainer.data.ExampleSet;
import org.junit.jupiter.api.Test;

class SuspectSearchTest {

  private final Clusters clusters = new Clusters(0.5).add(90, "ant", "bee", "cat");
  private final SuspectSearch search =
      new CandidateTrainer(ConfigLoader.defaults().load().trainer()).suspects();

  @Test
  void shouldFindLabelsThatAreWrong() {
    // given
    clusters.addMislabelled(4, "ant", "bee").addMislabelled(3, "cat", "ant");

    // when
    Suspects found = search.search(clusters.examples());

    // then
    assertThat(found.all()).extracting(Suspect::image).allMatch(id -> id.startsWith("wrong"));
    assertThat(found.found()).isEqualTo(7);
    assertThat(found.byLabel()).containsEntry("ant", 4).containsEntry("cat", 3);
    assertThat(found.byLabeller()).containsEntry("mia", 7);
    Suspect suspect =
        found.all().stream().filter(one -> one.label().equals("ant")).findFirst().orElseThrow();
    assertThat(suspect.top().get(0).label()).isEqualTo("bee");
    assertThat(suspect.doubt()).isBetween(0.5, 1.0);
    assertThat(suspect.alike()).extracting(Alike::label).contains("bee");
  }

  @Test
  void shouldDoubtNothingWhereAllIsRight() {
    assertThat(search.search(clusters.examples()).all()).isEmpty();
  }

  @Test
  void shouldBelieveWhatSomebodyHasChecked() {
    clusters.checked().addMislabelled(4, "ant", "bee");
    assertThat(search.search(clusters.examples()).all()).isEmpty();
  }

  @Test
  void shouldNotDoubtALabelWithTooFewExamples() {
    clusters.addMislabelled(2, "elk", "bee");
    assertThat(search.search(clusters.examples(1)).all()).isEmpty();
  }

  @Test
  void shouldNameTheMostDoubtfulWhereMuchLooksWrong() {
    clusters.addMislabelled(20, "ant", "bee");
    Suspects found = search.search(clusters.examples());
    assertThat(found.all()).hasSize(11);
    assertThat(found.all()).isSortedAccordingTo((a, b) -> Double.compare(b.doubt(), a.doubt()));
  }

  @Test
  void shouldLeaveOutWhatLooksWrong() {
    // given
    clusters.addMislabelled(4, "ant", "bee");
    ExampleSet all = clusters.examples();

    // when
    ExampleSet others = search.others(all, search.search(all));

    // then
    assertThat(others.size()).isEqualTo(all.size() - 4);
  }
}
