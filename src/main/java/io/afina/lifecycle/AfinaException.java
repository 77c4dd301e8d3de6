package io.afina.lifecycle;

import java.util.Objects;
import java.util.stream.Stream;
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

  /** Whether an error, or anything that caused it, is of one of these types. */
  public static boolean isCausedBy(Throwable thrown, Class<?>... types) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
        .anyMatch(cause -> Stream.of(types).anyMatch(type -> type.isInstance(cause)));
  }

  public ExitCode exitCode() {
    return exitCode;
  }
}
