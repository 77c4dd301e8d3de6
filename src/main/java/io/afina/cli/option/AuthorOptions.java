package io.afina.cli.option;

import picocli.CommandLine.Option;

/** The options that say who changes the registry, and why. */
public final class AuthorOptions {

  @Option(
      names = "--who",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who does this; default: ${DEFAULT-VALUE}.")
  private String who = "";

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      defaultValue = "by hand",
      description = "One sentence that stays in the registry; default: ${DEFAULT-VALUE}.")
  private String why = "";

  /** Who does it. */
  public String who() {
    return who;
  }

  /** One sentence. */
  public String why() {
    return why;
  }
}
