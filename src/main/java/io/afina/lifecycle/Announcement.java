package io.afina.lifecycle;

/**
 * How the lines begin by which a process says that it is ready, or what it measured; whoever starts
 * one waits for them.
 */
public final class Announcement {

  /** A classifier is ready; the backbone's name follows. */
  public static final String CLASSIFYING = "classifying with backbone ";

  /** A broker is ready; its address follows. */
  public static final String LISTENING = "listening on ";

  /** A part of the bench was measured; pictures a second follow. */
  public static final String RATE = "pictures/s ";

  private Announcement() {}
}
