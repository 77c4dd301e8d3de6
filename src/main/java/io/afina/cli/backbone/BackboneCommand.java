package io.afina.cli.backbone;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands about backbones. */
@Command(
    name = "backbone",
    header = "Describe, check, compare and replace backbones.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      BackboneCardCommand.class,
      BackboneCheckCommand.class,
      BackboneCompareCommand.class,
      BackboneUpgradeCommand.class,
      BackboneStatusCommand.class
    })
public final class BackboneCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: card, check, compare, upgrade or status");
  }
}
