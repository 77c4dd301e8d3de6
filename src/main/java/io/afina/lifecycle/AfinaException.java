package io.afina.lifecycle;

import org.jspecify.annotations.Nullable;

/**
 * An error that a person can do something about. Its message is one sentence: what is wrong, where,
 * and what to do; no stack trace is shown with it.
 */
public final class AfinaException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  public AfinaException(ExitCode exitCode, String message) {
    this(exitCode, message, null);
  }

  public AfinaException(ExitCode exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  public ExitCode exitCode() {
    return exitCode;
  }
}
