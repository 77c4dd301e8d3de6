package io.afina.lifecycle;

/**
 * The exit codes of the process, which the README documents. They are none of those that Java (1,
 * 3, 134), shells (1, 2, from 126) and container engines (125) give themselves: those of BSD's
 * {@code sysexits.h} (64 to 78) where one means the same, and numbers above it.
 */
public enum ExitCode {
  OK(0),
  /** Something that should not happen; the stack trace is in the log. */
  FAILURE(70),
  /** The command line was wrong. */
  USAGE(64),
  /** A configuration value was wrong. */
  CONFIGURATION(78),
  /** No broker answered. */
  UNREACHABLE(69),
  /** Topics are missing or are not as {@code topics/} says. */
  TOPICS(80),
  /** A backbone, its card or its address cannot be used. */
  BACKBONE(81),
  /** Something that was named does not exist. */
  NOT_FOUND(82),
  /** The demo ran, and the head did not learn. */
  NOT_LEARNED(83),
  /** The folder of the state stores is another cluster's or version's, or cannot be written. */
  STATE(84),
  /** A classifier got nowhere for too long, though nothing kept it. */
  STALLED(85),
  /** Another process uses the same {@code --instance-id}. */
  INSTANCE_ID(86),
  /** A GPU that was asked for is not there, or an engine does not start. */
  DEVICE(87),
  /** The brokers are older than the client needs. */
  BROKER_TOO_OLD(76);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
