package io.afina.event;

import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;

/** A record cannot be used and becomes a dead letter; processing goes on. */
public final class UnusableRecordException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Stage stage;
  private final Reason reason;
  private final String why;

  public UnusableRecordException(Stage stage, Reason reason, String why) {
    super(why);
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
