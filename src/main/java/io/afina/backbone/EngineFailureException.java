package io.afina.backbone;

/** Says that the engine failed on a picture, or gave numbers that are not finite. */
public final class EngineFailureException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public EngineFailureException(String message) {
    super(message);
  }

  public EngineFailureException(String message, Throwable cause) {
    super(message, cause);
  }
}
