package io.afina.labelling;

import io.afina.http.Problem;

/** Promotes heads and rolls them back for people at the page. */
public interface ModelActions {

  /**
   * Lets a version answer.
   *
   * @throws RuntimeException with a sentence when it cannot
   */
  void promote(long version, String who, String why);

  /**
   * Lets the version before answer again.
   *
   * @throws RuntimeException with a sentence when there is none
   */
  void rollback(String who, String why);

  /** Where nothing of the kind is wired: the page then shows no such buttons. */
  static ModelActions none() {
    return NoActions.INSTANCE;
  }

  /** Refuses all. */
  enum NoActions implements ModelActions {
    INSTANCE;

    @Override
    public void promote(long version, String who, String why) {
      throw refused();
    }

    @Override
    public void rollback(String who, String why) {
      throw refused();
    }

    private static Problem refused() {
      return Problem.of(501, "no-model-actions", "this server only shows models");
    }
  }
}
