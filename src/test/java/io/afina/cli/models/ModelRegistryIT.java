package io.afina.cli.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.ModelKey;
import io.afina.lifecycle.AfinaException;
import io.afina.model.Heads;
import io.afina.model.ModelLog;
import io.afina.model.ModelWriter;
import io.afina.topic.ReadyTopics;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a person changes while a trainer writes. */
class ModelRegistryIT {

  @Test
  void shouldWriteThoughATrainerWritesAtTheSameMoment() {
    try (TestBroker broker = TestBroker.startFresh()) {
      // given
      AfinaConfig config =
          ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
      ReadyTopics.apply(config);
      AtomicInteger attempts = new AtomicInteger();

      // when
      ModelRegistry.write(
          config,
          (writer, models) -> {
            if (attempts.incrementAndGet() < 3) {
              new ModelWriter(config, models).close();
            }
            writer.promote(Heads.identity(1, "bee", "ant"), "ada", "by hand");
          });

      // then
      try (ModelLog models = ModelRegistry.open(config)) {
        assertThat(models.alias(ModelKey.CHAMPION).orElseThrow().version()).isEqualTo(1);
      }
      assertThat(attempts).hasValue(3);
      assertThatThrownBy(
              () ->
                  ModelRegistry.write(
                      config,
                      (writer, models) -> {
                        new ModelWriter(config, models).close();
                        writer.promote(1, "ada", "by hand");
                      }))
          .isInstanceOf(AfinaException.class)
          .hasMessageStartingWith("nothing was changed");
    }
  }
}
