package io.afina.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierRunnerTest {

  private static final String NAME = "afina-half-started";

  @Test
  void shouldLeaveNothingRunningWhenItCannotStart(@TempDir Path state) {
    // given: meters that fail late, once the clients of Kafka are there
    MeterRegistry registry = new SimpleMeterRegistry();
    registry.config().meterFilter(new Failing());
    AfinaConfig config =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", "127.0.0.1:1")
            .set("classifier.applicationId", NAME)
            .set("classifier.stateDir", state)
            .load();

    // when
    assertThatThrownBy(
            () ->
                new ClassifierRunner(
                    config,
                    new TextEmbedder(),
                    new HeadSlot(Heads.BACKBONE, 3),
                    registry,
                    Traces.off()))
        .hasMessage("too many meters");

    // then
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.contains(NAME) || name.equals("afina-dead-letters"));
  }

  private static final class Failing implements MeterFilter {
    @Override
    public MeterFilterReply accept(Meter.Id id) {
      if (id.getName().startsWith("kafka.")) {
        throw new IllegalStateException("too many meters");
      }
      return MeterFilterReply.NEUTRAL;
    }
  }
}
