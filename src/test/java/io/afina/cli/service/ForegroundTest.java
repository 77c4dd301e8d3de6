package io.afina.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.cli.service.Foreground.Running;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.lifecycle.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
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

  @Test
  void shouldEndWhenAThreadDiesThatNoServiceOwns() {
    Error error = new OutOfMemoryError("Cannot reserve direct buffer memory");

    assertThatThrownBy(
            () ->
                Foreground.run(
                    services -> {
                      services.own(() -> closed.add("service"));
                      services.own(
                          new Worker(
                              "dies",
                              () -> {
                                throw error;
                              },
                              () -> {}));
                      return Running.ready("running", new CompletableFuture<>());
                    }))
        .isInstanceOfSatisfying(
            AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.FAILURE))
        .hasRootCause(error);
    assertThat(closed).containsExactly("service");
  }

  @Test
  void shouldEndWhenATaskOfAPoolDiesOfAnError() {
    Error error = new StackOverflowError();
    ExecutorService pool = Worker.pool("tasks", 1);

    assertThatThrownBy(
            () ->
                Foreground.run(
                    services -> {
                      services.own(() -> closed.add("service"));
                      pool.execute(
                          () -> {
                            throw new IllegalStateException("of one task only");
                          });
                      pool.execute(
                          () -> {
                            throw error;
                          });
                      return Running.ready("running", new CompletableFuture<>());
                    }))
        .hasRootCause(error);
    assertThat(closed).containsExactly("service");
    pool.shutdownNow();
  }

  private void run(CompletableFuture<Void> ended) {
    Foreground.run(
        services -> {
          services.own(() -> closed.add("service"));
          return Running.ready("running", ended);
        });
  }
}
