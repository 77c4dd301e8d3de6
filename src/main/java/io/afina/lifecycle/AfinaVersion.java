package io.afina.lifecycle;

import java.util.Objects;

/** The version that the build wrote into the jar. */
public final class AfinaVersion {

  private AfinaVersion() {}

  /** The version as text, such as {@code afina 0.1.0}. */
  public static String text() {
    return "afina " + number();
  }

  /** The version alone, such as {@code 0.1.0}. */
  public static String number() {
    return Objects.requireNonNullElse(
        AfinaVersion.class.getPackage().getImplementationVersion(), "(not from a jar)");
  }
}
