package io.afina.cli.backbone;

import picocli.CommandLine.Command;

/** Groups the commands about backbones. */
@Command(
    name = "backbone",
    header = "Replace the backbone of running classifiers, and see how far that is.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {BackboneUpgradeCommand.class, BackboneStatusCommand.class})
public final class BackboneCommand {}
