package io.afina.cli.service;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Reports, for the health endpoint, a part that should still run and does not. */
final class Ended {

  private Ended() {}

  /** Reports a part that has ended. */
  static Optional<String> trouble(CompletableFuture<?> ended) {
    return ended.isDone() ? Optional.of("has ended; the log says why") : Optional.empty();
  }
}
