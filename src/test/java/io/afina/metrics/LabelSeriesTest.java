package io.afina.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.metrics.TrainerMeters.Recall;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LabelSeriesTest {

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final TrainerMeters meters = new TrainerMeters(registry);

  @Test
  void shouldShowTheCommonestLabelsAndTheOthersInOneSeries() {
    // given
    Map<String, Integer> counts = new TreeMap<>(Map.of("ant", 40, "bee", 30));
    for (int n = 0; n < 50_000; n++) {
      counts.put("label " + n, 3);
    }

    // when
    meters.examples(counts);

    // then
    assertThat(registry.find("afina.training.examples").gauges()).hasSize(LabelSeries.MOST + 1);
    assertThat(examples("ant")).isEqualTo(40);
    assertThat(examples("bee")).isEqualTo(30);
    assertThat(examples(LabelSeries.OTHERS)).isEqualTo(3 * (50_000 - (LabelSeries.MOST - 2)));
  }

  @Test
  void shouldForgetTheSeriesOfLabelsThatAreGone() {
    meters.examples(Map.of("ant", 4, "bee", 2));
    meters.examples(Map.of("ant", 3));
    assertThat(registry.find("afina.training.examples").gauges()).hasSize(1);

    meters.examples(Map.of());
    assertThat(registry.find("afina.training.examples").gauges()).isEmpty();
  }

  @Test
  void shouldShowTheRecallOfTheOthersOverAllTheirExamples() {
    // given a label that is called as the others are, and is one of them
    Map<String, Recall> recalls = new TreeMap<>();
    for (int n = 0; n < LabelSeries.MOST; n++) {
      recalls.put("label " + n, new Recall(10, 1));
    }
    recalls.put("rare", new Recall(3, 1));
    recalls.put(LabelSeries.OTHERS, new Recall(1, 0));

    // when
    meters.measured(1, 1, recalls);

    // then
    assertThat(registry.find("afina.holdout.recall").gauges()).hasSize(LabelSeries.MOST + 1);
    assertThat(gauge("afina.holdout.recall", LabelSeries.OTHERS).value()).isEqualTo(0.75);
  }

  private double examples(String label) {
    return gauge("afina.training.examples", label).value();
  }

  private Gauge gauge(String name, String label) {
    return registry.get(name).tag("label", label).gauge();
  }
}
