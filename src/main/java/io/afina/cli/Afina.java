package io.afina.cli;

import io.afina.cli.backbone.BackboneCommand;
import io.afina.cli.bench.BenchClassifyCommand;
import io.afina.cli.bench.BenchCommand;
import io.afina.cli.bench.BenchPartCommand;
import io.afina.cli.bench.BrokerCommand;
import io.afina.cli.dataset.DatasetCommand;
import io.afina.cli.deadletters.DeadLettersCommand;
import io.afina.cli.labels.LabelsCommand;
import io.afina.cli.models.ModelsCommand;
import io.afina.cli.service.ClassifyCommand;
import io.afina.cli.service.DemoCommand;
import io.afina.cli.service.LabelCommand;
import io.afina.cli.service.TrainCommand;
import io.afina.cli.service.UpCommand;
import io.afina.cli.topics.TopicsCommand;
import io.afina.config.InvalidConfigException;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.AfinaVersion;
import io.afina.lifecycle.ExitCode;
import io.afina.log.JsonLines;
import java.lang.reflect.Method;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The command {@code afina}. */
@Command(
    name = "afina",
    header =
        "Classifies a stream of pictures on Kafka and keeps learning from the people who correct it.",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "",
      "Start with @|bold afina demo|@: it needs nothing and shows the whole loop in a minute.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 done, 64 wrong command line, 69 no broker answers, 70 a fault of Afina, 76 brokers too old,",
      "78 wrong configuration, 80 topics missing or different, 81 backbone unusable, 82 not found,",
      "83 the demo did not learn, 84 state folder unusable, 85 a classifier got nowhere, 86 instance id used twice,",
      "87 no such GPU, or an engine that does not start,",
      "130 and 143 stopped by Ctrl-C and SIGTERM, after what was under way was finished.",
      "",
      "Completion for this shell: @|bold source <(afina generate-completion)|@"
    },
    versionProvider = Afina.Version.class,
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      ClassifyCommand.class,
      TrainCommand.class,
      LabelCommand.class,
      TopicsCommand.class,
      PublishCommand.class,
      ReplayCommand.class,
      CorrectCommand.class,
      WatchCommand.class,
      BenchCommand.class,
      BenchPartCommand.class,
      BenchClassifyCommand.class,
      BrokerCommand.class,
      BackboneCommand.class,
      ModelsCommand.class,
      LabelsCommand.class,
      DecideCommand.class,
      DeadLettersCommand.class,
      ExamplesCommand.class,
      DatasetCommand.class,
      EraseCommand.class,
      DoctorCommand.class,
      GenerateCompletion.class,
      HelpCommand.class
    })
public final class Afina {

  private static final Logger LOG = LoggerFactory.getLogger(Afina.class);

  private Afina() {}

  /** Runs a command and leaves with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  public static CommandLine commandLine() {
    CommandLine afina = new CommandLine(new Afina());
    adapt(afina);
    return afina
        .setExecutionExceptionHandler(Afina::explain)
        .setUsageHelpAutoWidth(true)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  /**
   * Gives every command its exit code for a wrong command line, {@code --help} and {@code
   * --version}; those that are methods need the options before their own, in their annotation.
   */
  private static void adapt(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    spec.exitCodeOnInvalidInput(ExitCode.USAGE.code());
    if (spec.findOption("--help") == null && !(spec.userObject() instanceof Method)) {
      spec.mixinStandardHelpOptions(true);
    }
    command.getSubcommands().values().forEach(Afina::adapt);
  }

  /** Prints one sentence for what people can fix, and logs a stack trace for what they cannot. */
  private static int explain(Exception thrown, CommandLine commandLine, ParseResult parsed) {
    ExitCode code = exitCode(thrown);
    if (code == ExitCode.FAILURE) {
      LOG.atError().setCause(thrown).log("command failed");
    }
    String sentence = Objects.requireNonNullElse(thrown.getMessage(), thrown.toString());
    if (JsonLines.isUsed()) {
      LOG.atError()
          .addKeyValue("exit_code", code.code())
          .addKeyValue("why", sentence.strip())
          .log("ends");
    } else {
      commandLine
          .getErr()
          .println(commandLine.getColorScheme().errorText("afina: " + sentence.strip()));
    }
    return code.code();
  }

  private static ExitCode exitCode(Exception thrown) {
    if (thrown instanceof AfinaException known) {
      return known.exitCode();
    }
    if (thrown instanceof InvalidConfigException
        || AfinaException.isCausedBy(thrown, ConfigException.class)) {
      return ExitCode.CONFIGURATION;
    }
    return thrown instanceof org.apache.kafka.common.errors.TimeoutException
        ? ExitCode.UNREACHABLE
        : ExitCode.FAILURE;
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {AfinaVersion.text()};
    }
  }
}
