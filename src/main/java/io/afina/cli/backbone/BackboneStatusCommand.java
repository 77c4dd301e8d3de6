package io.afina.cli.backbone;

import io.afina.cli.models.ModelRegistry;
import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.TerminalText;
import io.afina.config.AfinaConfig;
import io.afina.event.Json;
import io.afina.model.ModelLog;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows how far the replacement of a backbone is. */
@Command(
    name = "status",
    header = "Show which backbone answers, which is wanted, and how far that is.")
final class BackboneStatusCommand implements Runnable {

  @Mixin private ClusterOptions cluster;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    AfinaConfig config = cluster.config();
    try (ModelLog models = ModelRegistry.open(config)) {
      UpgradeStatus status = UpgradeStatus.read(config, models);
      TerminalText.print(
          spec,
          json ? List.of(new String(Json.write(status), StandardCharsets.UTF_8)) : status.lines());
    }
  }
}
