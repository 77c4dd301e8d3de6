package io.afina.lifecycle;

/**
 * How the lines begin by which a process says that it is ready, or what it measured; whoever starts
 * one waits for them.
 */
public final class Announcement {

  /** Of a classifier, followed by the backbone's name. */
  public static final String CLASSIFYING = "classifying with backbone ";

  /** Of a broker, followed by its address. */
  public static final String LISTENING = "listening on ";

  /** Of a part of the bench, followed by pictures a second. */
  public static final String RATE = "pictures/s ";

  private Announcement() {}
}
