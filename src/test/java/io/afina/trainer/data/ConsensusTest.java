package io.afina.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.event.TrainingExample.Vote;
import io.afina.label.LabelTable;
import io.afina.model.Disagreement;
import io.afina.model.Disagreement.Dissent;
import io.afina.model.Heads;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConsensusTest {

  @Test
  void shouldTakeTheLastWordByDefault() {
    assertThat(label(Consensus.of("last"), example("mia:ant", "bo:bee"))).contains("bee");
  }

  @Test
  void shouldWaitUntilEnoughLabellersAgree() {
    Consensus two = Consensus.of("majority:2");

    assertThat(label(two, example("mia:ant"))).isEmpty();
    assertThat(label(two, example("mia:ant", "bo:bee"))).isEmpty();
    assertThat(label(two, example("mia:ant", "bo:bee", "al:ant"))).contains("ant");
    assertThat(label(two, example("mia:ant", "bo:bee", "al:ant", "ed:bee"))).isEmpty();
  }

  @Test
  void shouldTakeSpellingsThatDifferInCaseOrSpaceForAgreement() {
    assertThat(label(Consensus.of("majority:2"), example("mia:Ant", "bo: ant"))).contains(" ant");
  }

  @Test
  void shouldLeaveOutOfTheExamplesWhatIsUndecidedAndKeepItForLater() {
    Dataset dataset = new Dataset(Consensus.of("majority:2"));
    for (int n = 0; n < 4; n++) {
      dataset.apply("a" + n, example("mia:ant", "bo:ant"), 0, n);
      dataset.apply("b" + n, example("mia:bee", "bo:bee"), 0, n);
      dataset.apply("c" + n, example("mia:ant", "bo:bee"), 0, n);
    }
    assertThat(dataset.examples(3).orElseThrow().size()).isEqualTo(8);

    dataset.apply("c0", example("mia:ant", "bo:bee", "al:bee"), 0, 20);

    assertThat(dataset.examples(3).orElseThrow().counts()).containsExactly(4, 5);
    assertThat(dataset.size()).isEqualTo(12);
  }

  @Test
  void shouldCountTheDisagreementByLabellerAndByLabel() {
    Dataset dataset = new Dataset();
    dataset.apply("a", example("mia:ant", "bo:bee", "al:ant"), 0, 0);
    dataset.apply("b", example("bo:ant", "mia:bee"), 0, 1);
    dataset.apply("c", example("bo:bee", "mia:bee"), 0, 2);
    dataset.apply("d", example("bo:bee"), 0, 3);

    Disagreement counted = dataset.disagreement();

    assertThat(counted.images()).isEqualTo(3);
    assertThat(counted.disputed()).isEqualTo(2);
    assertThat(counted.undecided()).isZero();
    assertThat(counted.labellers())
        .extracting(Dissent::name, Dissent::votes, Dissent::against)
        .containsExactly(tuple("bo", 3, 2));
    assertThat(counted.labels())
        .extracting(Dissent::name, Dissent::votes, Dissent::against)
        .containsExactly(tuple("ant", 3, 1), tuple("bee", 4, 1));
  }

  @Test
  void shouldCountWhatIsUndecided() {
    Dataset dataset = new Dataset(Consensus.of("majority:2"));
    dataset.apply("a", example("mia:ant", "bo:bee"), 0, 0);
    dataset.apply("b", example("mia:ant"), 0, 1);

    assertThat(dataset.disagreement().undecided()).isEqualTo(2);
    assertThat(dataset.disagreement().labellers()).isEmpty();
  }

  /** From labeller:label, the last word last. */
  private static Optional<String> label(Consensus consensus, TrainingExample example) {
    return consensus.label(example.label(), example.votes(), LabelTable.EMPTY);
  }

  private static TrainingExample example(String... said) {
    List<Vote> votes =
        List.of(said).stream()
            .map(text -> new Vote(text.split(":", 2)[0], text.split(":", 2)[1]))
            .toList();
    Vote last = votes.get(votes.size() - 1);
    return new TrainingExample(
        last.label(),
        last.labeller(),
        Instant.EPOCH,
        new Embedding(Heads.BACKBONE, new float[] {1, 2}),
        null,
        votes.size() > 1 ? votes : List.of());
  }
}
