package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingCheckTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 16})
  void shouldTrainWhereItIsTold(int hidden) {
    AfinaConfig config =
        ConfigLoader.defaults().set("trainer.device", "cpu").set("trainer.hidden", hidden).load();

    assertThat(TrainingCheck.run(config.trainer())).isEqualTo("cpu");
  }

  @Test
  void shouldRefuseAGpuThatIsNotThereBeforeItAsksABroker() {
    // given
    AfinaConfig config = ConfigLoader.defaults().set("trainer.device", "gpu:99").load();

    // then
    assertThatThrownBy(
            () ->
                new TrainerRunner(
                    config, new SimpleMeterRegistry(), OpenTelemetry.noop().getTracer("trainer")))
        .isInstanceOfSatisfying(
            AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEVICE))
        .hasMessageContaining("trainer.device is gpu:99, and PyTorch finds")
        .hasMessageContaining("afina doctor");
  }
}
