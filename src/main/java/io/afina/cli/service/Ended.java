package io.afina.cli.service;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What is wrong with a part that should still run. */
final class Ended {

  private Ended() {}

  /** That it has ended, or nothing. */
  static Optional<String> trouble(CompletableFuture<?> ended) {
    return ended.isDone() ? Optional.of("has ended; the log says why") : Optional.empty();
  }
}
