package io.afina.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.cli.service.Foreground.Running;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ForegroundTest {

  private final List<String> closed = new ArrayList<>();

  @Test
  void shouldSayItsOwnSentenceWhereAServiceFailedOfSomethingThatPeopleCanMend() {
    AfinaException full = new AfinaException(ExitCode.STATE, "the disk is full");

    assertThatThrownBy(() -> run(CompletableFuture.failedFuture(full))).isSameAs(full);
    assertThat(closed).containsExactly("service");
  }

  @Test
  void shouldCallAnythingElseAFault() {
    assertThatThrownBy(() -> run(CompletableFuture.failedFuture(new IllegalStateException("bug"))))
        .isInstanceOfSatisfying(
            AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.FAILURE))
        .hasMessageContaining("bug");
    assertThat(closed).containsExactly("service");
  }

  @Test
  void shouldEndWellWhenAServiceDoes() {
    assertThatCode(() -> run(CompletableFuture.completedFuture(null))).doesNotThrowAnyException();
    assertThat(closed).containsExactly("service");
  }

  private void run(CompletableFuture<Void> ended) {
    Foreground.run(
        services -> {
          services.own(() -> closed.add("service"));
          return Running.ready("running", ended);
        });
  }
}
