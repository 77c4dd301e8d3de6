package io.afina.classifier.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.classifier.join.JoinSteps.Advance;
import io.afina.classifier.join.JoinSteps.Correct;
import io.afina.classifier.join.JoinSteps.Image;
import io.afina.classifier.join.JoinSteps.Malformed;
import io.afina.classifier.join.JoinSteps.Step;
import io.afina.classifier.join.JoinSteps.Withdraw;
import io.afina.classifier.join.JoinSteps.WithdrawOne;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;

/**
 * The join against a plain model of it, over random histories.
 *
 * <p>All histories of a run go through one topology, each under image ids of its own: opening state
 * stores is what would take the time, and what other images do must not matter anyway.
 */
class JoinPropertyTest {

  private static final int HISTORIES = 2000;
  private static final int LONGEST = 30;

  private final JoinDriver driver = new JoinDriver();

  JoinPropertyTest() throws IOException {}

  @AfterProperty
  void stop() throws IOException {
    driver.close();
  }

  @Property(tries = HISTORIES)
  void shouldEndLikeThePlainModelWhateverComesInWhateverOrder(
      @ForAll("histories") List<Step> history) {
    // given
    JoinModel model = new JoinModel();
    driver.startHistory();

    // when
    for (Step step : history) {
      model.apply(step);
      driver.apply(step);
    }

    // then
    shouldAgree(model);
    // What the model says is waiting is really kept: it is given up when its time is over.
    Step patience = new Advance(JoinModel.PATIENCE);
    model.apply(patience);
    driver.apply(patience);
    shouldAgree(model);
  }

  private void shouldAgree(JoinModel model) {
    assertThat(driver.training()).isEqualTo(model.training());
    assertThat(driver.deadLetters())
        .containsExactlyInAnyOrderElementsOf(model.deadLetters())
        .doesNotHaveDuplicates();
    assertThat(driver.training().keySet()).isEqualTo(model.joined());
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    Arbitrary<String> ids = Arbitraries.of("a", "b", "c");
    Arbitrary<Step> steps =
        Arbitraries.frequencyOf(
            Tuple.of(5, Combinators.combine(ids, Arbitraries.of(1, 2, 3)).as(Image::new)),
            Tuple.of(
                7,
                Combinators.combine(ids, Arbitraries.of("ant", "bee"), Arbitraries.of("mia", "bo"))
                    .as(Correct::new)),
            Tuple.of(2, ids.map(Withdraw::new)),
            Tuple.of(3, Combinators.combine(ids, Arbitraries.of("mia", "bo")).as(WithdrawOne::new)),
            Tuple.of(1, ids.map(Malformed::new)),
            Tuple.of(5, advances().map(Advance::new)));
    return steps.list().ofMaxSize(LONGEST);
  }

  /** Short ones, and ones that outlast a correction's patience, a label or an embedding. */
  private static Arbitrary<Duration> advances() {
    return Arbitraries.of(
        JoinModel.LOOK,
        JoinModel.PATIENCE.dividedBy(2),
        JoinModel.PATIENCE,
        JoinModel.RETENTION.minus(JoinModel.HALF_A_LOOK),
        JoinModel.RETENTION.plus(JoinModel.HALF_A_LOOK));
  }
}
