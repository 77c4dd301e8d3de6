package io.afina.classifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.backbone.Backbone;
import io.afina.backbone.BackboneResolver;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.AliasRecord;
import io.afina.event.BackboneRecord;
import io.afina.event.BackboneRecord.State;
import io.afina.event.Json;
import io.afina.event.ModelKey;
import io.afina.metrics.BatchMeters;
import io.afina.metrics.HeadMeters;
import io.afina.model.Head;
import io.afina.model.Heads;
import io.afina.model.MemoryModels;
import io.afina.model.MemoryModels.Sent;
import io.afina.model.ModelLog;
import io.afina.model.layer.Dense;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class FirstBackboneTest {

  private static final Backbone CHAMPIONS = new BackboneResolver().resolve(null);
  private static final String ADDRESS = "bundled:small_res_112.onnx";
  private static final String OTHER = "bundled:small_res_112.pt";

  private final MemoryModels models = new MemoryModels();
  private final MeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void shouldStartWithTheChampionsBackboneAsTheRegistryNamesIt() {
    // given
    champion();
    say(ADDRESS);

    // then
    assertThat(first(OTHER)).isEqualTo(ADDRESS);
  }

  @Test
  void shouldStartWithTheConfiguredBackboneWhereItIsTheChampions() {
    // given
    champion();
    say("/gone.onnx");

    // then
    assertThat(first(ADDRESS)).isEqualTo(ADDRESS);
  }

  @Test
  void shouldStartWithTheConfiguredBackboneWhereTheRegistryNamesNone() {
    // given
    champion();

    // then
    assertThat(first(OTHER)).isEqualTo(OTHER);
  }

  private String first(String configured) {
    AfinaConfig config = ConfigLoader.defaults().set("backbone.address", configured).load();
    try (ModelLog log = models.open();
        RegistryBackbones backbones =
            RegistryBackbones.open(
                config, log, new BatchMeters(meters), new HeadMeters(meters, List.of()))) {
      return backbones.pool().loaded().get(0).address();
    }
  }

  private void champion() {
    int inputs = CHAMPIONS.card().embeddingSize();
    Head head =
        new Head(
            Heads.card(1, CHAMPIONS.id(), inputs, "ant", "bee"),
            List.of(new Dense(inputs, 2, new float[2 * inputs], new float[2])));
    send(new ModelKey.Head(1), Heads.file(head));
    send(ModelKey.CHAMPION, Json.write(new AliasRecord(1L, "ada", Instant.EPOCH, "a test")));
  }

  private void say(String address) {
    send(
        new ModelKey.Backbone(CHAMPIONS.id()),
        Json.write(
            new BackboneRecord(
                "x", address, 512, "none", State.ANSWERING, "ada", Instant.EPOCH, "a test")));
  }

  private void send(ModelKey key, byte[] value) {
    models.add(new Sent(key.text().getBytes(UTF_8), value, new RecordHeaders(), 0));
  }
}
