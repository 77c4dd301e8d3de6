package io.afina.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.kafka.Homes;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.TrustedKeys;
import io.afina.topic.Acls;
import io.afina.topic.TopicSpec.Role;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.junit.jupiter.api.Test;

class InternalTopicsTest {

  private final AfinaConfig config = ConfigLoader.defaults().load();

  @Test
  void shouldBeAllowedToTheClassifierByNameEveryOneAndNoOther() {
    // given
    String prefix = config.classifier().applicationId() + "-";
    HeadSlot heads = new HeadSlot("ab".repeat(32), 3, TrustedKeys.anybody());

    // when
    List<String> changelogs =
        ClassifierTopology.build(
                config,
                Homes.among(1),
                new TextEmbedder(),
                heads,
                new SimpleMeterRegistry(),
                Traces.off())
            .describe()
            .subtopologies()
            .stream()
            .flatMap(part -> part.nodes().stream())
            .filter(Processor.class::isInstance)
            .flatMap(node -> ((Processor) node).stores().stream())
            .distinct()
            .map(store -> prefix + store + "-changelog")
            .toList();

    // then
    assertThat(Acls.load(config).grants(Role.CLASSIFIER).topics().keySet())
        .filteredOn(topic -> topic.startsWith(prefix))
        .containsExactlyInAnyOrderElementsOf(changelogs);
  }
}
