package io.afina.cli.deadletters;

import io.afina.cli.deadletters.DeadLetterOptions.ReasonConverter;
import io.afina.cli.deadletters.DeadLetterOptions.Reasons;
import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.TerminalText;
import io.afina.config.AfinaConfig;
import io.afina.deadletter.DeadLetterLog;
import io.afina.deadletter.DeadLetters;
import io.afina.deadletter.DeadLetters.Letter;
import io.afina.event.DeadLetter.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code afina dead-letters}: looks at records that could not be used, and puts them back. */
@Command(
    name = "dead-letters",
    header = "Look at the records that could not be used, and put them back.",
    subcommands = {DeadLetterShowCommand.class, DeadLetterReplayCommand.class})
public final class DeadLettersCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: list, show or replay");
  }

  @Command(
      name = "list",
      header = "List dead letters, newest last, and count them by reason.",
      mixinStandardHelpOptions = true)
  void list(
      @Mixin ClusterOptions cluster,
      @Mixin DeadLetterOptions filter,
      @Option(
              names = "--reason",
              paramLabel = "REASON",
              converter = ReasonConverter.class,
              completionCandidates = Reasons.class,
              description = "Only those of this reason: ${COMPLETION-CANDIDATES}.")
          @Nullable Reason reason,
      @Option(
              names = "--max",
              paramLabel = "N",
              defaultValue = "100",
              description = "Show the newest N; default: ${DEFAULT-VALUE}.")
          int max) {
    AfinaConfig config = cluster.config();
    try (DeadLetterLog log = DeadLetterLog.open(config)) {
      DeadLetters all = DeadLetters.read(log);
      List<Letter> letters = all.of(filter.and(reason, config.topics()));
      TerminalText.print(spec, DeadLetterTable.list(all, letters, max));
    }
  }
}
