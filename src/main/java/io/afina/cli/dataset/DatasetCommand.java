package io.afina.cli.dataset;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code afina dataset}: labelled pictures as files, out and in. */
@Command(
    name = "dataset",
    header = "Write the labelled pictures to a folder, or publish those of a dataset.",
    subcommands = {DatasetExportCommand.class, DatasetImportCommand.class})
public final class DatasetCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: export or import");
  }
}
