package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.AfinaConfig;
import io.afina.event.Embedding;
import io.afina.event.ModelKey;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.TrainingExample;
import io.afina.metrics.Traces;
import io.afina.model.Head;
import io.afina.model.Heads;
import io.afina.model.ModelWriter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What images drawn by chance say of a champion that stays. */
class LiveCorrectionIT {

  @Test
  void shouldCorrectTheThresholdsOfAChampionThatStays() {
    try (TrainerTopics topics = new TrainerTopics()) {
      // given a head that calls ants bees, accepts what it says, and that nothing replaces
      AfinaConfig config =
          topics
              .loader()
              .set("trainer.minNewExamples", 1_000_000)
              .set("trainer.interval", "1h")
              .load();
      Head champion = Heads.promising(Heads.identity(1, "bee", "ant"), 0.5);
      try (ModelWriter writer = new ModelWriter(config, topics.log())) {
        writer.promote(champion, "trainer", "the first");
      }
      try (TrainerRunner runner =
          new TrainerRunner(config, new SimpleMeterRegistry(), Traces.off())) {
        runner.ready().join();

        // when
        topics.write(ants(20));

        // then
        topics.awaitThat(
            "a correction",
            () -> topics.log().doubt(1).filter(now -> now.doubt() < 0.5).isPresent());
        assertThat(topics.at(ModelKey.CHAMPION)).hasValue(1L);
      }
    }
  }

  private static Map<String, @Nullable TrainingExample> ants(int count) {
    Map<String, @Nullable TrainingExample> examples = new LinkedHashMap<>();
    for (int n = 0; n < count; n++) {
      examples.put(
          "image-" + n,
          new TrainingExample(
              n % 2 == 0 ? "ant" : "bee",
              "mia",
              Instant.EPOCH,
              new Embedding(Heads.BACKBONE, n % 2 == 0 ? new float[] {9, 0} : new float[] {0, 9}),
              ReviewReason.AUDIT,
              List.of()));
    }
    return examples;
  }
}
