package io.afina.cli;

import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.TerminalText;
import io.afina.config.AfinaConfig;
import io.afina.label.LabelLog;
import io.afina.labelling.feed.BulkCorrections.Form;
import io.afina.labelling.feed.LabellingClients;
import io.afina.labelling.feed.TrainingSetReader;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.model.ModelLog;
import io.afina.suspect.Suspects;
import io.afina.topic.ReadyTopics;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Exports the training examples, and lists those whose labels look wrong. */
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

  @Command(
      name = "suspects",
      header = "List the examples whose labels look wrong, the most doubtful first.",
      mixinStandardHelpOptions = true)
  void suspects(
      @Mixin ClusterOptions cluster,
      @Option(names = "--json", description = "Print one JSON object instead of the table.")
          boolean json) {
    AfinaConfig config = cluster.config();
    ReadyTopics.require(config, List.of(config.topics().models().name()));
    try (ModelLog models = ModelLog.open(config)) {
      models.readToEnd();
      Suspects found =
          models
              .suspects()
              .orElseThrow(
                  () ->
                      new AfinaException(
                          ExitCode.NOT_FOUND,
                          "no label looks wrong so far: the trainer looks after each training"));
      if (json) {
        System.out.println(new String(found.toBytes(), StandardCharsets.UTF_8));
      } else {
        table(found).forEach(System.out::println);
      }
    }
  }

  /** Under a line that says how many, one line each. */
  static List<String> table(Suspects suspects) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d of %d examples look wrong, %s"
            .formatted(suspects.found(), suspects.examples(), suspects.at()));
    lines.add("%6s  %-20s %-20s %-16s %s".formatted("doubt", "label", "likelier", "by", "image"));
    suspects
        .all()
        .forEach(
            suspect ->
                lines.add(
                    TerminalText.text(
                        "%6.3f  %-20s %-20s %-16s %s"
                            .formatted(
                                suspect.doubt(),
                                suspect.label(),
                                suspect.top().isEmpty() ? "" : suspect.top().get(0).label(),
                                String.join(", ", suspect.labellers()),
                                suspect.image()))));
    return lines;
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
