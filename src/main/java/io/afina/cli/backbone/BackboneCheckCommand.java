package io.afina.cli.backbone;

import io.afina.backbone.BackboneModel;
import io.afina.backbone.BackboneResolver;
import io.afina.cli.option.ConfigOptions;
import io.afina.cli.option.TerminalText;
import io.afina.cli.option.Verbosity;
import io.afina.config.AfinaConfig;
import io.afina.event.Json;
import io.afina.lifecycle.ExitCode;
import io.afina.selection.BackboneCheck;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tries a backbone. */
@Command(
    name = "check",
    header = "Try a backbone: does it load, is it fast, is it right.",
    description = "Exit code 0 if nothing is wrong, else 81, with a sentence about what is.")
final class BackboneCheckCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Parameters(paramLabel = "ADDRESS", description = "A file, or any other address of a backbone.")
  private String address = "";

  @Option(
      names = "--reference",
      paramLabel = "FILE",
      description =
          "Embeddings of another implementation: [{\"photo\": \"path\", \"embedding\": [numbers]}].")
  private @Nullable Path reference;

  @Option(names = "--json", description = "Print one JSON object instead.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Verbosity.quiet();
    AfinaConfig config = options.loader().set("backbone.address", address).load();
    try (BackboneModel model =
        BackboneModel.load(
            new BackboneResolver(config.backbone()).resolve(address),
            config.backbone().engineThreads(),
            config.backbone().device())) {
      BackboneCheck check = BackboneCheck.of(config, model, reference);
      TerminalText.print(
          spec,
          json
              ? List.of(new String(Json.write(check), StandardCharsets.UTF_8))
              : check.lines().stream().map(TerminalText::text).toList());
      return (check.wrong().isEmpty() ? ExitCode.OK : ExitCode.BACKBONE).code();
    }
  }
}
