package io.afina.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Thrown when a head cannot be put in place; the message says why. */
public final class HeadRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  /** The kinds of refusal, as metrics and tests tell them apart. */
  public enum Refusal {
    /** An alias points at it, and it is not there. */
    MISSING,
    /** Not safetensors, truncated, or its card lacks a field or has a wrong one. */
    UNREADABLE,
    /** Its content is not what its hash says. */
    WRONG_HASH,
    /** A signature is asked for, and it has none. */
    UNSIGNED,
    /** Its signature is that of none of the keys that are trusted. */
    FORGED,
    /** Trained on the embeddings of another backbone. */
    WRONG_BACKBONE,
    /** Its layers fit neither each other nor its labels. */
    WRONG_SHAPE,
    /** A number in it is infinite or none. */
    NOT_FINITE,
    /** It stands under another version than its own. */
    WRONG_VERSION;

    /** All of them, as they stand in metrics. */
    public static List<String> texts() {
      return Arrays.stream(values()).map(Refusal::text).toList();
    }

    /** As it stands in metrics and in the log: {@code wrong-hash}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Refusal reason;
  private final String why;

  public HeadRefusedException(Refusal reason, String message) {
    this(reason, message, null);
  }

  public HeadRefusedException(Refusal reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.why = message;
  }

  /** Returns the message, which is never null. */
  public String why() {
    return why;
  }

  public Refusal reason() {
    return reason;
  }
}
