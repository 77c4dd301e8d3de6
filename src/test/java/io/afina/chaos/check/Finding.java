package io.afina.chaos.check;

/**
 * Something that must not be.
 *
 * @param what one sentence that names the records
 */
public record Finding(Kind kind, String what) {

  /** Which promise is broken. */
  public enum Kind {
    /** What was published has no outcome, or what was said was not learned. */
    LOST,
    /** One record has two outcomes. */
    DOUBLED,
    /** Two records of one key have their outcomes the other way round. */
    OUT_OF_ORDER,
    /** A training example is not what was said of its image, or not the embedding of it. */
    WRONG_JOIN,
    /** A version went back, or was given twice. */
    VERSION_CONFLICT,
    /** A prediction by a head that was never promoted, or one that the head did not say. */
    FOREIGN_HEAD,
    /** A dead letter is not what was published, or has another reason than the plan's. */
    ALTERED,
    /** An outcome of nothing that was published. */
    INVENTED,
    /** A process ended by itself where it could have gone on. */
    GAVE_UP
  }

  @Override
  public String toString() {
    return kind + ": " + what;
  }
}
