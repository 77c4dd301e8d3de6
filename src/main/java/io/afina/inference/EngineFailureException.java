package io.afina.inference;

/** The engine failed on a picture, or gave numbers that are none. */
public final class EngineFailureException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EngineFailureException(String message) {
    super(message);
  }

  EngineFailureException(String message, Throwable cause) {
    super(message, cause);
  }
}
