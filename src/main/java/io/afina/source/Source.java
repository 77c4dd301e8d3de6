package io.afina.source;

import org.jspecify.annotations.Nullable;

/** Fetches from the places of a scheme; safe for any thread. */
interface Source extends AutoCloseable {

  /**
   * Fetches a picture, in one attempt.
   *
   * @throws FetchException when it cannot, may not, or not in time
   */
  byte[] fetch(SourceUri uri, Deadline deadline) throws FetchException;

  @Override
  default void close() {}

  /** What is wrong, with the sentence that most exceptions have and some have not. */
  static String why(String what, @Nullable Throwable cause) {
    return cause == null || cause.getMessage() == null
        ? "%s (%s)".formatted(what, cause == null ? "" : cause.getClass().getSimpleName())
        : "%s: %s".formatted(what, cause.getMessage());
  }
}
