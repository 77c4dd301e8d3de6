package io.afina.cli.backbone;

import io.afina.cli.option.ConfigOptions;
import io.afina.cli.option.ProgressBars;
import io.afina.cli.option.TerminalText;
import io.afina.cli.option.Verbosity;
import io.afina.event.Json;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.selection.BackboneComparison;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares backbones. */
@Command(
    name = "compare",
    header = "Compare backbones on your labelled pictures, and pick one.",
    description = {
      "Embeds the pictures with each, and trains heads as the trainer does: how accurate they are on pictures that they did not",
      "see, from few examples, how fast and how large. Needs no broker."
    })
final class BackboneCompareCommand implements Runnable {

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Parameters(
      arity = "1..*",
      paramLabel = "ADDRESS",
      description = "Files, or other addresses of backbones, such as bundled:small_res_112.onnx.")
  private List<String> addresses = List.of();

  @Option(
      names = "--pictures",
      paramLabel = "DIR",
      required = true,
      description = "A folder that has a folder a label.")
  private @Nullable Path pictures;

  @Option(
      names = "--most",
      paramLabel = "N",
      defaultValue = "600",
      description = "So many pictures at most, of each label alike; default: ${DEFAULT-VALUE}.")
  private int most;

  @Option(names = "--json", description = "Print one JSON object instead of the table.")
  private boolean json;

  @Option(names = "--html", paramLabel = "FILE", description = "Write a page with charts, too.")
  private @Nullable Path html;

  @Override
  public void run() {
    Verbosity.quiet();
    BackboneComparison comparison = compared();
    TerminalText.print(
        spec,
        json
            ? List.of(new String(Json.write(comparison), StandardCharsets.UTF_8))
            : ComparisonTable.of(comparison).stream().map(TerminalText::text).toList());
    if (html != null) {
      write(html, ComparisonPage.of(comparison));
    }
  }

  private BackboneComparison compared() {
    try (Bars bars = new Bars()) {
      return BackboneComparison.run(
          options.loader().load(), addresses, Objects.requireNonNull(pictures), most, bars);
    }
  }

  private static void write(Path file, String page) {
    try {
      Files.writeString(file, page);
    } catch (IOException e) {
      throw new AfinaException(ExitCode.FAILURE, "cannot write %s: %s".formatted(file, e), e);
    }
  }

  /** A bar a backbone. */
  private static final class Bars implements BackboneComparison.Progress, AutoCloseable {

    private final List<ProgressBar> bars = new ArrayList<>();

    @Override
    public void begins(String address, int pictures) {
      close();
      bars.add(ProgressBars.bar(address.substring(address.lastIndexOf('/') + 1), pictures));
    }

    @Override
    public void embedded() {
      bars.get(bars.size() - 1).step();
    }

    @Override
    public void close() {
      bars.forEach(ProgressBar::close);
      bars.clear();
    }
  }
}
