package io.afina.backbone.address;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Says why something could not be fetched; its message is the first half of a sentence. */
final class RemoteException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** What follows from it. */
  enum Kind {
    /** There is none at that address. */
    ABSENT,
    /** The host does not give it to us. */
    REFUSED,
    /** The host or the way to it is down; another attempt may fare better. */
    PASSING,
    /** The part that is here already is of another file. */
    OTHER_PART,
    /** What comes is not what may come, and would not be the next time. */
    WRONG
  }

  RemoteException(Kind kind, String why) {
    this(kind, why, null);
  }

  RemoteException(Kind kind, String why, @Nullable Throwable cause) {
    super(why, cause);
    this.kind = kind;
  }

  /** What a status other than success means. */
  static RemoteException status(String host, int status) {
    Kind kind =
        switch (status) {
          case 401, 403 -> Kind.REFUSED;
          case 404, 410 -> Kind.ABSENT;
          case 408, 425, 429 -> Kind.PASSING;
          case 416 -> Kind.OTHER_PART;
          default -> status >= 500 ? Kind.PASSING : Kind.WRONG;
        };
    return new RemoteException(kind, "%s answers with status %d".formatted(host, status));
  }

  Kind kind() {
    return kind;
  }

  /** What is wrong, for people. */
  String why() {
    return String.valueOf(getMessage());
  }
}
