package io.afina.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of an attempt to put a head in place. */
public sealed interface SwapResult {

  /**
   * The head answers now.
   *
   * @param from version of the head before, or null when there was none
   * @param took from the blob to the exchange
   */
  record Swapped(@Nullable Long from, Head head, Duration took) implements SwapResult {}

  /** The old head goes on answering. */
  record Refused(long version, HeadRefusedException.Refusal reason, String why)
      implements SwapResult {}
}
