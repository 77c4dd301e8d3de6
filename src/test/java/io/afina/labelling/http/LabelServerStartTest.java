package io.afina.labelling.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.labelling.NoActions;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.metrics.Traces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelServerStartTest {

  @Test
  void shouldRefuseToStartWithoutUsersWhereOthersReachIt(@TempDir Path folder) {
    // given
    AfinaConfig everywhere = config("labelling.host", "0.0.0.0");
    AfinaConfig missing = config("labelling.users", folder.resolve("none.yaml").toString());

    // then
    for (AfinaConfig wrong : List.of(everywhere, missing)) {
      assertThatThrownBy(
              () ->
                  new LabelServer(wrong, new NoActions(), new SimpleMeterRegistry(), Traces.off()))
          .isInstanceOfSatisfying(
              AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CONFIGURATION))
          .hasMessageContaining("--add-user");
    }
  }

  private static AfinaConfig config(String key, String value) {
    return ConfigLoader.defaults().set("labelling.port", 0).set(key, value).load();
  }
}
