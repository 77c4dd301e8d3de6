package io.afina.cli.service;

import io.afina.cli.models.RegistryModelActions;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.labelling.http.LabelServer;
import io.afina.lifecycle.Closer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** The options of a labelling page that runs beside other services. */
final class LabelOptions {

  @Option(names = "--no-label", description = "Without the labelling page.")
  private boolean none;

  @Option(
      names = "--label-port",
      paramLabel = "N",
      description =
          "Where the labelling page listens; 0 for any port that is free. Default: labelling.port, for the demo any.")
  private @Nullable Integer port;

  /** Sets the port that was given, else this one; null leaves the configuration's. */
  ConfigLoader set(ConfigLoader loader, @Nullable Integer unlessGiven) {
    return loader.set("labelling.port", port == null ? unlessGiven : port);
  }

  /** Starts the page, unless it is not wanted, and says where it is. */
  Optional<LabelServer> start(Closer services, AfinaConfig config, ManagementService management) {
    return none ? Optional.empty() : Optional.of(serve(services, config, management));
  }

  /** Starts the page. */
  static LabelServer serve(Closer services, AfinaConfig config, ManagementService management) {
    LabelServer server =
        services.own(
            new LabelServer(
                config,
                new RegistryModelActions(config),
                management.meters(),
                management.tracer()));
    management.watch(server);
    return server;
  }

  /** Formats the line that announces the page. */
  static String announcement(LabelServer server) {
    return Ansi.AUTO.string(
        "label at @|bold,underline %s|@%s"
            .formatted(
                server.address(),
                server.isOpen() ? " (no users: whoever uses this machine may do everything)" : ""));
  }
}
