package io.afina.picture.format;

import static io.afina.event.DeadLetter.Reason.BROKEN_PICTURE;

import io.afina.event.DeadLetter.Stage;
import io.afina.event.UnusableRecordException;

/** Makes the dead letter of a file that says of itself what no picture of its format does. */
final class Broken {

  private Broken() {}

  static UnusableRecordException because(String why) {
    return new UnusableRecordException(Stage.DECODE, BROKEN_PICTURE, why);
  }
}
