package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.AfinaConfig;
import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.metrics.Traces;
import io.afina.model.Heads;
import io.afina.suspect.Suspects;
import io.afina.suspect.Suspects.Suspect;
import io.afina.trainer.data.Clusters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Labels that look wrong, from the trainer to {@code models} and until somebody checked them. */
class SuspectsIT {

  private final Clusters clusters = new Clusters(0.3);
  private final Map<String, @Nullable TrainingExample> examples = new LinkedHashMap<>();

  @Test
  void shouldSayWhatLooksWrongUntilSomebodyHasCheckedIt() {
    try (TrainerTopics topics = new TrainerTopics()) {
      // given
      AfinaConfig config = topics.loader().set("trainer.minNewExamples", 1).load();
      for (int n = 0; n < 40; n++) {
        say("right-" + n, n % 2 == 0 ? "ant" : "bee", n % 2 == 0 ? "ant" : "bee", false);
      }
      say("wrong", "ant", "bee", false);
      topics.write(examples);
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      try (TrainerRunner runner = new TrainerRunner(config, registry, Traces.off())) {
        runner.ready().join();

        // then
        topics.awaitThat(
            "a suspect",
            () ->
                topics.log().suspects().stream()
                    .map(Suspects::all)
                    .flatMap(List::stream)
                    .map(Suspect::image)
                    .toList()
                    .equals(List.of("wrong")));
        assertThat(topics.log().suspects().orElseThrow().byLabeller()).containsEntry("mia", 1);

        // when
        examples.clear();
        say("wrong", "ant", "bee", true);
        topics.write(examples);

        // then
        topics.awaitThat(
            "none", () -> topics.log().suspects().filter(now -> now.all().isEmpty()).isPresent());
        assertThat(registry.find("afina.suspects").gauges()).isEmpty();
      }
    }
  }

  private void say(String id, String label, String cloud, boolean checked) {
    examples.put(
        id,
        new TrainingExample(
            label,
            "mia",
            Instant.now(),
            List.of(new Embedding(Heads.BACKBONE, clusters.around(cloud))),
            null,
            List.of(),
            null,
            new ImagePlace(0, examples.size()),
            checked));
  }
}
