package io.afina.cli.option;

import io.afina.config.ConfigLoader;
import io.afina.log.JsonLines;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that runs until it is stopped. */
public final class ServiceOptions {

  @Option(
      names = "--management-host",
      paramLabel = "ADDRESS",
      description = "Where metrics and health are served; default: 127.0.0.1.")
  private @Nullable String host;

  @Option(
      names = "--management-port",
      paramLabel = "N",
      description =
          "Where metrics and health are served; 0 for any. Default: the first free one from 9400 on.")
  private @Nullable Integer port;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "How the log is written, text or json, which is then all that is printed; default: ${DEFAULT-VALUE}.")
  private LogFormat logFormat = LogFormat.TEXT;

  /** Adds what was given, and sets the form of the log from here on. */
  public ConfigLoader set(ConfigLoader loader) {
    if (logFormat == LogFormat.JSON) {
      JsonLines.use();
    }
    return loader.set("management.host", host).set("management.port", port);
  }

  /** The form of the log. */
  enum LogFormat {
    /** For people: what {@code logback.xml} says. */
    TEXT,
    /** For programs: one JSON object a line. */
    JSON
  }
}
