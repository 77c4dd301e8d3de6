package io.afina.source;

import io.afina.event.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;

/** Says why a picture could not be fetched, and whether another attempt may fare better. */
final class FetchException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final boolean passing;

  private FetchException(Reason reason, boolean passing, String why, @Nullable Throwable cause) {
    super(why, cause);
    this.reason = reason;
    this.passing = passing;
  }

  /** It stays so. */
  static FetchException lasting(Reason reason, String why) {
    return new FetchException(reason, false, why, null);
  }

  /** It may pass: the source is overloaded, away or slow. */
  static FetchException passing(String why, @Nullable Throwable cause) {
    return new FetchException(Reason.UNREACHABLE, true, why, cause);
  }

  /** What an HTTP status other than success means. */
  static FetchException status(int status) {
    String why = "the source answers with status %d".formatted(status);
    return switch (status) {
      case 404, 410 -> lasting(Reason.NOT_FOUND, why);
      case 408, 425, 429 -> passing(why, null);
      default -> status >= 500 ? passing(why, null) : lasting(Reason.UNREACHABLE, why);
    };
  }

  Reason reason() {
    return reason;
  }

  boolean isPassing() {
    return passing;
  }

  /** As it stands in a dead letter. */
  String why() {
    return String.valueOf(getMessage());
  }
}
