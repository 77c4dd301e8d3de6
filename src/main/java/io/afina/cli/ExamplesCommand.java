package io.afina.cli;

import io.afina.cli.option.ClusterOptions;
import io.afina.config.AfinaConfig;
import io.afina.label.LabelLog;
import io.afina.labelling.feed.BulkCorrections.Form;
import io.afina.labelling.feed.LabellingClients;
import io.afina.labelling.feed.TrainingSetReader;
import io.afina.topic.ReadyTopics;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Exports the training examples. */
@Command(name = "examples", header = "Look at the training examples.")
final class ExamplesCommand {

  @Command(
      name = "export",
      header = "Write the training set: image ids, labels, labellers and times.",
      mixinStandardHelpOptions = true)
  void export(
      @Mixin ClusterOptions cluster,
      @Option(
              names = "--format",
              paramLabel = "FORM",
              defaultValue = "csv",
              description = "csv or jsonl; default: ${DEFAULT-VALUE}.")
          ExportForm format,
      @Parameters(
              arity = "0..1",
              paramLabel = "FILE",
              description = "Where to; default: the standard output.")
          @Nullable Path file)
      throws IOException {
    AfinaConfig config = cluster.config();
    ReadyTopics.require(
        config, List.of(config.topics().training().name(), config.topics().labels().name()));
    if (file == null) {
      write(config, format, System.out);
    } else {
      try (OutputStream out = Files.newOutputStream(file)) {
        System.out.printf("%d examples written to %s%n", write(config, format, out), file);
      }
    }
  }

  private static long write(AfinaConfig config, ExportForm format, OutputStream out)
      throws IOException {
    return TrainingSetReader.write(
        config.topics().training(),
        LabelLog.read(config),
        new LabellingClients(config)::follower,
        format.form,
        out);
  }

  /** The forms of the file. */
  enum ExportForm {
    CSV(Form.CSV),
    JSONL(Form.JSON_LINES);

    private final Form form;

    ExportForm(Form form) {
      this.form = form;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
