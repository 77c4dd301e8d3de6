package io.afina.chaos.check;

import io.afina.event.DeadLetter.Reason;

/** What must become of a record of the plan. */
public sealed interface Expected {

  /** A prediction of this picture. */
  record Predicted(int picture) implements Expected {}

  /** A dead letter. */
  record SetAside(Reason reason) implements Expected {}

  /** A correction, whose fate depends on what else comes: the join has to answer for it. */
  record Joined() implements Expected {}
}
