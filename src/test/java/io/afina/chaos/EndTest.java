package io.afina.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.chaos.check.Finding;
import io.afina.lifecycle.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EndTest {

  @Test
  void shouldForgiveAFullDisk() {
    assertThat(new End("classify-1", ExitCode.STATE.code()).finding()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STATE")
  void shouldForgiveNothingElse(ExitCode code) {
    assertThat(new End("train-2", code.code()).finding())
        .contains(
            new Finding(
                Finding.Kind.GAVE_UP, "train-2 ended with exit code %d".formatted(code.code())));
  }
}
