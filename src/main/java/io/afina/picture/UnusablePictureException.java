package io.afina.picture;

import io.afina.event.DeadLetter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A picture cannot be used: what kind of thing is wrong, and one sentence for people. */
public final class UnusablePictureException extends Exception {

  private static final long serialVersionUID = 1L;

  private final DeadLetter.Reason reason;

  UnusablePictureException(DeadLetter.Reason reason, String sentence) {
    this(reason, sentence, null);
  }

  UnusablePictureException(DeadLetter.Reason reason, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.reason = reason;
  }

  public DeadLetter.Reason reason() {
    return reason;
  }

  /** The sentence; what {@link #getMessage()} gives, never null. */
  public String sentence() {
    return Objects.requireNonNull(getMessage());
  }
}
