package io.afina.model;

import io.afina.label.LabelTable;
import java.util.Optional;

/**
 * The heads that score a record, as they stood together at one moment.
 *
 * @param champion answers; empty before there is one
 * @param challenger scores the same embedding silently; empty when there is none. A head is never
 *     its own challenger
 */
public record HeadPair(Optional<Head> champion, Optional<Head> challenger) {

  /** Before there is any head. */
  static final HeadPair NONE = new HeadPair(Optional.empty(), Optional.empty());

  public HeadPair {
    Optional<Long> answering = champion.map(Head::version);
    challenger = challenger.filter(head -> !answering.equals(Optional.of(head.version())));
  }

  HeadPair withChampion(Head head) {
    return new HeadPair(Optional.of(head), challenger);
  }

  HeadPair withChallenger(Optional<Head> head) {
    return new HeadPair(champion, head);
  }

  HeadPair called(LabelTable table) {
    return new HeadPair(
        champion.map(head -> head.called(table)), challenger.map(head -> head.called(table)));
  }
}
