package io.afina.labelling;

/** What comes of the attempt to answer a review item. */
sealed interface Claim {

  /** The item is the labeller's until the answer has arrived or failed. */
  record Granted(Item item) implements Claim {}

  /** Somebody has answered it, or it is another instance's now. */
  record Gone() implements Claim {}

  /** Another labeller has it. */
  record Taken() implements Claim {}
}
