package io.afina.backbone.card;

/** A network gives something else than its card says; the message says what, and what to write. */
public final class UnfitOutputException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public UnfitOutputException(String message) {
    super(message);
  }
}
