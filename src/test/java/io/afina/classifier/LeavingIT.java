package io.afina.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.TrustedKeys;
import io.afina.topic.ReadyTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The place in its group of a classifier with an instance id that is stopped. */
class LeavingIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"false, 1", "true, 0"})
  void shouldBeKeptForItsReturnUnlessItMayNotReturn(boolean leaves, int kept) throws Exception {
    try (TestBroker broker = TestBroker.startFresh();
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      // given
      AfinaConfig config =
          ConfigLoader.defaults()
              .set("kafka.bootstrap.servers", broker.bootstrapServers())
              .set("classifier.threads", 1)
              .set("classifier.instanceId", "one")
              .set("classifier.leaveOnStop", leaves)
              .set("classifier.stateDir", folder.resolve("state"))
              .load();
      ReadyTopics.apply(config);
      HeadSlot heads = new HeadSlot(Heads.BACKBONE, 3, TrustedKeys.anybody());
      try (ClassifierRunner runner =
          new ClassifierRunner(
              config, new TextEmbedder(), heads, new SimpleMeterRegistry(), Traces.off())) {
        // when
        await("it runs").atMost(PATIENCE).until(() -> runner.running().isDone());
      }

      // then
      assertThat(places(admin, config.classifier().applicationId())).isEqualTo(kept);
    }
  }

  private static int places(Admin admin, String group) throws Exception {
    return Objects.requireNonNull(
            admin.describeConsumerGroups(List.of(group)).describedGroups().get(group))
        .get()
        .members()
        .size();
  }
}
