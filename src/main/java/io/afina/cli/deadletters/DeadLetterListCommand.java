package io.afina.cli.deadletters;

import io.afina.cli.deadletters.DeadLetterOptions.ReasonConverter;
import io.afina.cli.deadletters.DeadLetterOptions.Reasons;
import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.TerminalText;
import io.afina.deadletter.DeadLetterLog;
import io.afina.deadletter.DeadLetters;
import io.afina.event.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists dead letters: {@code afina dead-letters list}. */
@Command(
    name = "list",
    header = "List dead letters, newest last, and count them by reason.")
final class DeadLetterListCommand implements Runnable {

  @Spec private CommandSpec spec;
  @Mixin private ClusterOptions cluster;
  @Mixin private DeadLetterOptions filter;

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      converter = ReasonConverter.class,
      completionCandidates = Reasons.class,
      description = "Only those of this reason: ${COMPLETION-CANDIDATES}.")
  private @Nullable Reason reason;

  @Option(
      names = "--max",
      paramLabel = "N",
      defaultValue = "100",
      description = "Show the newest N; default: ${DEFAULT-VALUE}.")
  private int max;

  @Override
  public void run() {
    try (DeadLetterLog log = DeadLetterLog.open(cluster.config())) {
      DeadLetters all = DeadLetters.read(log);
      TerminalText.print(spec, DeadLetterTable.list(all, all.of(filter.and(reason)), max));
    }
  }
}
