package io.afina.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Child;
import io.afina.broker.TestBroker;
import io.afina.lifecycle.Closer;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pods of the chart's defaults, started, probed and stopped as Kubernetes does it. */
class PodsIT {

  private static final int TERMINATED = 143;

  @TempDir Path folder;

  @Test
  void shouldBecomeReadyWithoutAnyLabelAndEndInTime() throws Exception {
    try (TestBroker broker = TestBroker.startFresh();
        Closer closer = new Closer()) {
      // given
      Chart chart =
          Chart.render("kafka: {bootstrapServers: '%s'}".formatted(broker.bootstrapServers()));
      PodSpec topics =
          chart.all(Job.class).findFirst().orElseThrow().getSpec().getTemplate().getSpec();
      Child applied = closer.own(new PodProcess("topics", topics, chart, folder).start());
      assertThat(applied.awaitExit()).as(applied::output).isZero();

      // when
      Map<PodProcess, Child> running = new LinkedHashMap<>();
      for (PodProcess pod : pods(chart)) {
        running.put(pod, closer.own(pod.start()));
      }
      running.forEach(PodProcess::awaitReady);

      // then
      for (Map.Entry<PodProcess, Child> pod : running.entrySet()) {
        assertThat(pod.getKey().terminate(pod.getValue()))
            .as(pod.getValue()::output)
            .isEqualTo(TERMINATED);
      }
    }
  }

  /** As many of each as there are replicas. */
  private List<PodProcess> pods(Chart chart) {
    List<PodProcess> pods = new ArrayList<>();
    chart
        .all(StatefulSet.class)
        .forEach(
            set -> {
              PodSpec pod = set.getSpec().getTemplate().getSpec();
              pods.addAll(
                  pods(set.getMetadata().getName(), set.getSpec().getReplicas(), pod, chart));
            });
    chart
        .all(Deployment.class)
        .forEach(
            set -> {
              PodSpec pod = set.getSpec().getTemplate().getSpec();
              pods.addAll(
                  pods(set.getMetadata().getName(), set.getSpec().getReplicas(), pod, chart));
            });
    assertThat(pods).hasSize(5);
    return pods;
  }

  private List<PodProcess> pods(String set, int replicas, PodSpec pod, Chart chart) {
    return IntStream.range(0, replicas)
        .mapToObj(i -> new PodProcess("%s-%d".formatted(set, i), pod, chart, folder))
        .toList();
  }
}
