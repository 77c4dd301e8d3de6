package io.afina.trainer.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.trainer.data.Clusters;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.judge.Holdout.Split;
import java.util.HashSet;
import java.util.Set;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class HoldoutTest {

  private final Clusters clusters = new Clusters(0.1);

  @Test
  void shouldHoldBackTheShareAndNothingTwice() {
    clusters.add(1000, "ant", "bee", "cat");

    Split split = Holdout.split(clusters.examples(), 0.2);

    assertThat(split.train().size() + split.holdout().size()).isEqualTo(1000);
    assertThat(split.holdout().size()).isCloseTo(200, Percentage.withPercentage(20));
    assertThat(ids(split.train())).doesNotContainAnyElementsOf(ids(split.holdout()));
  }

  @Test
  void shouldLeaveEveryExampleOnItsSideWhateverComes() {
    clusters.add(300, "ant", "bee");
    Set<String> before = ids(Holdout.split(clusters.examples(), 0.2).holdout());

    clusters.add(700, "ant", "bee", "cat");

    assertThat(ids(Holdout.split(clusters.examples(), 0.2).holdout())).containsAll(before);
  }

  @Test
  void shouldHoldBackOneOfALabelAsSoonAsItHasFive() {
    clusters.add(60, "ant", "bee").add(4, "cat").add(5, "dog");

    Split split = Holdout.split(clusters.examples(), 0.01);

    assertThat(split.holdout().labels()).contains("dog").doesNotContain("cat");
    assertThat(split.train().labels()).containsExactly("ant", "bee", "cat", "dog");
  }

  @Test
  void shouldHoldNothingBackWithoutAShare() {
    clusters.add(100, "ant", "bee");
    assertThat(Holdout.split(clusters.examples(), 0).holdout().size()).isZero();
  }

  @Test
  void shouldDealEveryLabelOverAllFolds() {
    clusters.add(20, "ant", "bee", "cat", "dog");

    ExampleSet examples = clusters.examples();
    int[] folds = Holdout.folds(examples, 5);

    for (int n = 0; n < 5; n++) {
      int fold = n;
      assertThat(examples.where(row -> folds[row] == fold).counts()).containsExactly(1, 1, 1, 1);
    }
  }

  @Test
  void shouldKeepSomeOfEveryLabelWithEnoughForTheChoiceOfAnEpoch() {
    clusters.add(60, "ant", "bee").add(4, "cat");
    ExampleSet train = Holdout.split(clusters.examples(), 0.2).train();

    Split split = Holdout.selection(train);

    assertThat(split.train().size() + split.holdout().size()).isEqualTo(train.size());
    assertThat(split.holdout().labels()).containsExactly("ant", "bee");
    assertThat(ids(split.train())).doesNotContainAnyElementsOf(ids(split.holdout()));
  }

  private static Set<String> ids(ExampleSet examples) {
    Set<String> ids = new HashSet<>();
    examples.examples().forEach(example -> ids.add(example.id()));
    return ids;
  }
}
