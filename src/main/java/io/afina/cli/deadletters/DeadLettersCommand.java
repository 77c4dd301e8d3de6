package io.afina.cli.deadletters;

import io.afina.config.AfinaConfig;
import io.afina.deadletter.DeadLetterLog;
import io.afina.event.Topics;
import io.afina.topic.ReadyTopics;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code afina dead-letters}: looks at records that could not be used, and puts them back. */
@Command(
    name = "dead-letters",
    header = "Look at the records that could not be used, and put them back.",
    mixinStandardHelpOptions = true,
    subcommands = {
      DeadLetterListCommand.class,
      DeadLetterShowCommand.class,
      DeadLetterReplayCommand.class
    })
public final class DeadLettersCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: list, show or replay");
  }

  static DeadLetterLog open(AfinaConfig config, Set<String> topics) {
    requireTopics(config, topics);
    return DeadLetterLog.open(config);
  }

  static void requireTopics(AfinaConfig config, Set<String> topics) {
    Set<String> all = new TreeSet<>(topics);
    all.add(Topics.DEAD_LETTERS.name());
    ReadyTopics.require(config, all);
  }

  static void print(CommandSpec spec, List<String> lines) {
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
  }
}
