package io.afina.cli.dataset;

import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.TerminalText;
import io.afina.config.AfinaConfig;
import io.afina.dataset.DatasetExport;
import io.afina.dataset.DatasetFormat;
import io.afina.dataset.Splits;
import io.afina.event.Topics;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.topic.ReadyTopics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the labelled pictures: {@code afina dataset export}. */
@Command(
    name = "export",
    header = "Write every image that has a label: its picture, who labelled it as what, and when.")
final class DatasetExportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ClusterOptions cluster;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      defaultValue = "folders",
      description =
          "folders (a folder a label, and labels.csv), imagefolder (Hugging Face, metadata.jsonl), coco, or"
              + " csv; default: ${DEFAULT-VALUE}.")
  private DatasetFormat format;

  @Option(
      names = "--splits",
      split = ",",
      paramLabel = "NAME=SHARE",
      defaultValue = "train=0.8,test=0.2",
      description =
          "The parts, by a hash of the image id, so that an image stays in its part; default: ${DEFAULT-VALUE}.")
  private Map<String, Double> splits = new LinkedHashMap<>();

  @Option(
      names = "--originals",
      description =
          "Pictures as they were published, where they are there still; else their reduced copies.")
  private boolean originals;

  @Parameters(paramLabel = "DIR", description = "A folder that is made, or is empty.")
  private Path folder;

  @Override
  public Integer call() throws IOException {
    AfinaConfig config = cluster.config();
    Splits parts = parts();
    Topics topics = config.topics();
    ReadyTopics.require(
        config,
        List.of(topics.training().name(), topics.pictures().name(), topics.labels().name()));
    DatasetExport.Result done = DatasetExport.write(config, folder, format, parts, originals);
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d images written to %s, %d of them as they were published"
            .formatted(done.written(), folder, done.originals()));
    if (done.missing() > 0) {
      lines.add(
          "%d images have a label and no picture any more: they were left out"
              .formatted(done.missing()));
    }
    TerminalText.print(spec, lines);
    return ExitCode.OK.code();
  }

  private Splits parts() {
    try {
      return new Splits(splits);
    } catch (IllegalArgumentException e) {
      throw new AfinaException(ExitCode.USAGE, "--splits: " + e.getMessage(), e);
    }
  }
}
