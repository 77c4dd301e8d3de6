package io.afina.cli.dataset;

import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.ProgressBars;
import io.afina.cli.option.TerminalText;
import io.afina.config.AfinaConfig;
import io.afina.dataset.DatasetImport;
import io.afina.dataset.DatasetReader;
import io.afina.labelling.feed.ImageIdLimit;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.topic.ReadyTopics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Publishes a dataset: {@code afina dataset import}. */
@Command(
    name = "import",
    header = "Publish the pictures of a dataset, and corrections with its labels.",
    description = {
      "Takes what export writes; folders of labels, Hugging Face's imagefolder, COCO, CSV; exports of Label Studio (JSON, JSON-MIN)"
          + " and CVAT (for images 1.1). It finds out which it is.",
      "What is on the topics already is not sent again: run it once more after it was stopped. A label that an image has stays."
    })
final class DatasetImportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ClusterOptions cluster;

  @Parameters(
      paramLabel = "PATH",
      description =
          "A folder, a ZIP file, or an index (.json, .jsonl, .csv, .xml) beside its pictures.")
  private Path path;

  @Option(
      names = "--labeller",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who labelled, where the dataset does not say; default: ${DEFAULT-VALUE}.")
  private String labeller;

  @Option(names = "--skip", description = "Leave out what is wrong; else nothing is sent then.")
  private boolean skip;

  @Override
  public Integer call() throws IOException {
    AfinaConfig config = cluster.config();
    try (DatasetReader dataset =
        DatasetReader.open(path, new ImageIdLimit(config.pictures().maxKeyBytes()))) {
      if (!dataset.errors().isEmpty() && !skip) {
        throw new AfinaException(
            ExitCode.USAGE,
            "%s is wrong, nothing was sent; --skip leaves these out: %s"
                .formatted(path, String.join("; ", dataset.errors())));
      }
      if (dataset.images().isEmpty()) {
        throw new AfinaException(
            ExitCode.NOT_FOUND,
            "there is no picture in %s: pictures have extensions such as .jpg, or an index names them"
                .formatted(path));
      }
      DatasetImport.Result sent = send(config, dataset);
      dataset.errors().forEach(this::warn);
      sent.skipped().forEach(this::warn);
      TerminalText.print(
          spec,
          List.of(
              "%d images: published %d pictures, sent %d labels; the others were there"
                  .formatted(dataset.images().size(), sent.pictures(), sent.labels())));
      return (sent.skipped().isEmpty() && dataset.errors().isEmpty() ? ExitCode.OK : ExitCode.USAGE)
          .code();
    }
  }

  private DatasetImport.Result send(AfinaConfig config, DatasetReader dataset) throws IOException {
    ReadyTopics.require(
        config,
        List.of(
            config.topics().images().name(),
            config.topics().corrections().name(),
            config.topics().predictions().name(),
            config.topics().training().name()));
    try (ProgressBar bar = ProgressBars.bar("importing", dataset.images().size())) {
      return new DatasetImport(config, labeller).send(dataset.images(), bar::stepTo);
    }
  }

  private void warn(String what) {
    spec.commandLine().getErr().println("afina: not sent: " + TerminalText.text(what));
  }
}
