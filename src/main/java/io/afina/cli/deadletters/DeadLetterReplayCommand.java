package io.afina.cli.deadletters;

import io.afina.cli.deadletters.DeadLetterOptions.ReasonConverter;
import io.afina.cli.deadletters.DeadLetterOptions.Reasons;
import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.TerminalText;
import io.afina.config.AfinaConfig;
import io.afina.deadletter.DeadLetterLog;
import io.afina.deadletter.DeadLetterReplay;
import io.afina.deadletter.DeadLetters;
import io.afina.deadletter.DeadLetters.Letter;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.RecordId;
import io.afina.event.Topics;
import io.afina.topic.ReadyTopics;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Puts dead letters back on the topics that they came from: {@code afina dead-letters replay}. */
@Command(
    name = "replay",
    header = "Put dead letters back on the topic where they came from.",
    description = {
      "After their cause is gone: a limit was raised, a bug was mended, an image came late. Records get their key, value and",
      "headers back. Each dead letter is put back at most once, also if this is run twice or killed; if it fails again, that is",
      "a new dead letter. A correction that is put back counts as said now: it replaces later ones for its image."
    })
final class DeadLetterReplayCommand implements Runnable {

  @Spec private CommandSpec spec;
  @Mixin private ClusterOptions cluster;
  @Mixin private DeadLetterOptions filter;

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "REASON",
      converter = ReasonConverter.class,
      completionCandidates = Reasons.class,
      description = "Those of this reason: ${COMPLETION-CANDIDATES}.")
  private Reason reason;

  @Option(names = "--dry-run", description = "Only say how many it would be.")
  private boolean dryRun;

  @Override
  public void run() {
    AfinaConfig config = cluster.config();
    TerminalText.print(spec, List.of(dryRun ? count(config) : putBack(config)));
  }

  private String count(AfinaConfig config) {
    ReadyTopics.require(config, DeadLetterReplay.targets(config.topics()));
    try (DeadLetterLog log = DeadLetterLog.open(config)) {
      return "would put back %,d dead letters".formatted(choose(log, config.topics()).size());
    }
  }

  /** Opens the replay first: what is read after that, no other replay can change. */
  private String putBack(AfinaConfig config) {
    try (DeadLetterReplay replay = DeadLetterReplay.open(config);
        DeadLetterLog log = DeadLetterLog.open(config)) {
      Set<RecordId> chosen = choose(log, config.topics());
      if (!chosen.isEmpty()) {
        log.read(
            record -> {
              if (chosen.contains(DeadLetters.id(record))) {
                replay.putBack(record);
              }
            });
      }
      return "put back %,d dead letters".formatted(replay.finish());
    }
  }

  private Set<RecordId> choose(DeadLetterLog log, Topics topics) {
    Set<String> targets = DeadLetterReplay.targets(topics);
    DeadLetters all = DeadLetters.read(log);
    return all.of(filter.and(reason, topics)).stream()
        .filter(letter -> targets.contains(letter.why().topic()))
        .filter(letter -> !letter.omitted() && !all.isReplayed(letter))
        .map(Letter::id)
        .collect(Collectors.toSet());
  }
}
