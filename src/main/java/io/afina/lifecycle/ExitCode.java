package io.afina.lifecycle;

/** The exit codes of the process, which the README documents. */
public enum ExitCode {
  OK(0),
  /** Something that should not happen; the stack trace is in the log. */
  FAILURE(1),
  /** The command line was wrong. */
  USAGE(2),
  /** A configuration value was wrong. */
  CONFIGURATION(3),
  /** No broker answered. */
  UNREACHABLE(4),
  /** Topics are missing or are not as {@code topics/} says. */
  TOPICS(5),
  /** A backbone, its card or its address cannot be used. */
  BACKBONE(6),
  /** Something that was named does not exist. */
  NOT_FOUND(7),
  /** The demo ran, and the head did not learn. */
  NOT_LEARNED(8),
  /** The folder of the state stores is another cluster's or version's, or cannot be written. */
  STATE(9),
  /** The brokers are older than the client needs. */
  BROKER_TOO_OLD(10);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
