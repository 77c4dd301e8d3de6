package io.afina.event;

import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import org.jspecify.annotations.Nullable;

/** Says why a record cannot be used; it becomes a dead letter, and the stream goes on. */
public final class UnusableRecordException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Stage stage;
  private final Reason reason;
  private final String why;

  public UnusableRecordException(Stage stage, Reason reason, String why) {
    this(stage, reason, why, null);
  }

  public UnusableRecordException(
      Stage stage, Reason reason, String why, @Nullable Throwable cause) {
    super(why, cause);
    this.stage = stage;
    this.reason = reason;
    this.why = why;
  }

  public Stage stage() {
    return stage;
  }

  public Reason reason() {
    return reason;
  }

  public String why() {
    return why;
  }
}
