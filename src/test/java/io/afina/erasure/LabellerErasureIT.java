package io.afina.erasure;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.cli.service.ClassifierService;
import io.afina.event.TrainingExample;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Erasing a labeller by the command. */
@SuppressWarnings("try") // What runs is not asked.
class LabellerErasureIT extends ErasureTestBase {

  @Test
  void shouldEraseTheNameOfALabellerAndThenAnotherWithTheLabels() throws Exception {
    try (ClassifierService classifier = classifier()) {
      // given
      publishAndLabel();
      run("correct", OTHER, "wasp", "--labeller", "zo\u00eb");
      run("correct", GONE, "ant", "--labeller", "kim");
      awaitExample(GONE, "ant", "kim");
      awaitExample(OTHER, "wasp", "zo\u00eb");

      // when
      String named = run("erase", "--labeller", "zo\u00eb", "--keep-labels", "--yes");
      String erased = run("erase", "--labeller", "kim", "--older", "--yes");

      // then
      assertThat(named)
          .contains(
              "the labeller's name: in ", "\ntraining: 1 records with the name, 0 that replace")
          .contains("\ncorrections: 1 records with the name, 1 that replace or withdraw one");
      assertThat(erased.substring(erased.indexOf("erased;")))
          .contains("\ntraining: 1 records with the name, 1 that replace")
          .doesNotContain("\ncorrections: ");
      awaitExample(OTHER, "wasp", null);
      assertThat(example(GONE).labeller()).isNotEqualTo("kim");
      assertThat(example(GONE).label()).isEqualTo("bee");
    }
  }

  private void awaitExample(String id, String label, @Nullable String labeller) {
    await("the label of " + id)
        .atMost(PATIENCE)
        .until(
            () ->
                last(TOPICS.training(), id) != null
                    && example(id).label().equals(label)
                    && Objects.equals(example(id).labeller(), labeller));
  }

  private TrainingExample example(String id) {
    return TOPICS
        .training()
        .values()
        .deserializer()
        .deserialize(TOPICS.training().name(), last(TOPICS.training(), id));
  }
}
