package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.model.Head;
import io.afina.model.HeadRecipe;
import io.afina.model.HeadRecipe.Form;
import io.afina.model.Heads;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.HeadTraining;
import io.afina.trainer.fit.WarmStart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Labels that come one after the other are no worse off than if all had been there at first. */
class OneByOneTest {

  private static final int LABELS = 10;
  private static final int WIDTH = 64;
  private static final int EXAMPLES = 60;
  private static final int UNSEEN = 200;
  private static final double NOISE = 1.2;

  private final Random random = new Random(23);
  private final HeadTraining training = new HeadTraining(0, 17);
  private final Dataset dataset = new Dataset();

  @Test
  void shouldKeepTheFirstLabelsWhenOthersComeOneByOne() {
    // given
    List<float[]> unseen = new ArrayList<>();
    for (int n = 0; n < LABELS / 2 * UNSEEN; n++) {
      unseen.add(around(n % (LABELS / 2)));
    }
    Optional<WarmStart> before = Optional.empty();

    // when
    for (int label = 0; label < LABELS; label++) {
      teach(label);
      if (label > 0) {
        before = Optional.of(WarmStart.of(train(before)));
      }
    }

    // then
    Head oneByOne = train(before);
    Head atOnce = train(Optional.empty());
    assertThat(right(oneByOne, unseen)).isGreaterThan(0.8);
    assertThat(right(oneByOne, unseen)).isGreaterThanOrEqualTo(right(atOnce, unseen) - 0.01);
  }

  private void teach(int label) {
    for (int n = 0; n < EXAMPLES; n++) {
      dataset.apply(
          label + "-" + n,
          new TrainingExample(
              name(label), null, Instant.EPOCH, new Embedding(Heads.BACKBONE, around(label))),
          0,
          n);
    }
  }

  private Head train(Optional<WarmStart> before) {
    ExampleSet all = dataset.examples(3).orElseThrow();
    return BenchSets.head(
        all, training.train(new HeadRecipe(Form.DENSE, 1, 0), all, before, Optional.empty()));
  }

  private static double right(Head head, List<float[]> unseen) {
    int right = 0;
    for (int n = 0; n < unseen.size(); n++) {
      String said = head.score(unseen.get(n)).top(1).get(0).label();
      right += said.equals(name(n % (LABELS / 2))) ? 1 : 0;
    }
    return (double) right / unseen.size();
  }

  private static String name(int label) {
    return "label " + label;
  }

  private float[] around(int label) {
    float[] values = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      values[i] = (float) (NOISE * random.nextGaussian()) + (i == label ? 4 : 0);
    }
    return values;
  }
}
