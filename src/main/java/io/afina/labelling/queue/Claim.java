package io.afina.labelling.queue;

/** What comes of the attempt to answer a review item. */
public sealed interface Claim {

  /** The item is the labeller's until the answer has arrived or failed. */
  record Granted(QueuedItem item) implements Claim {}

  /** The labeller has answered it already, and others are still asked. */
  record Answered() implements Claim {}

  /** Somebody has answered it, or it is another instance's now. */
  record Gone() implements Claim {}

  /** As many labellers as are asked have it. */
  record Taken() implements Claim {}
}
