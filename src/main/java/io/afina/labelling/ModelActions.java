package io.afina.labelling;

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

  /**
   * Lets better heads answer again by themselves.
   *
   * @throws RuntimeException with a sentence when it cannot
   */
  void unpin(String who, String why);
}
