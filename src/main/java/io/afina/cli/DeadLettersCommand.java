package io.afina.cli;

import io.afina.cli.DeadLetters.Letter;
import io.afina.config.AfinaConfig;
import io.afina.config.Durations;
import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetterId;
import io.afina.event.Topics;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code afina dead-letters}: looks at records that could not be used, and puts them back. */
@Command(
    name = "dead-letters",
    header = "Look at the records that could not be used, and put them back.",
    mixinStandardHelpOptions = true,
    subcommands = {
      DeadLettersCommand.ListLetters.class,
      DeadLettersCommand.ShowLetter.class,
      DeadLettersCommand.ReplayLetters.class
    })
final class DeadLettersCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: list, show or replay");
  }

  /** {@code afina dead-letters list}: one line each. */
  @Command(
      name = "list",
      header = "List dead letters, newest last, and count them by reason.",
      mixinStandardHelpOptions = true)
  static final class ListLetters implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin private ClusterOptions cluster;
    @Mixin private Filter filter;

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
    public Integer call() {
      try (DeadLetterLog log = open(cluster.config(), Set.of())) {
        DeadLetters all = DeadLetters.read(log);
        print(spec, DeadLetterTable.list(all, all.of(filter.and(reason)), max));
        return ExitCode.OK.code();
      }
    }
  }

  /** {@code afina dead-letters show}: everything about one. */
  @Command(
      name = "show",
      header = "Show all that is known of one dead letter.",
      mixinStandardHelpOptions = true)
  static final class ShowLetter implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin private ClusterOptions cluster;

    @Parameters(
        paramLabel = "ID",
        converter = IdConverter.class,
        description = "Which one, as list calls it: PARTITION-OFFSET, such as 3-141.")
    private DeadLetterId id;

    @Option(
        names = "--out",
        paramLabel = "FILE",
        description = "Write the record's value, byte for byte, to this file.")
    private @Nullable Path out;

    @Override
    public Integer call() {
      try (DeadLetterLog log = open(cluster.config(), Set.of())) {
        DeadLetters behind = new DeadLetters();
        ConsumerRecord<byte[], byte[]> letter = find(log, behind);
        print(spec, DeadLetterTable.one(letter, behind.replayed(id)));
        if (out != null) {
          write(letter.value(), out);
        }
        return ExitCode.OK.code();
      }
    }

    private ConsumerRecord<byte[], byte[]> find(DeadLetterLog log, DeadLetters behind) {
      List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
      log.readFrom(
          id,
          record -> {
            behind.add(record);
            if (DeadLetters.id(record).equals(id)) {
              found.add(record);
            }
          });
      if (behind.of(why -> true).stream().map(Letter::id).noneMatch(id::equals)) {
        throw notFound(
            "there is no dead letter %s; `afina dead-letters list` shows which there are");
      }
      return found.get(0);
    }

    private void write(byte @Nullable [] value, Path file) {
      if (value == null) {
        throw notFound("dead letter %s has no value: nothing was written");
      }
      try {
        Files.write(file, value);
      } catch (IOException e) {
        throw new AfinaException(
            ExitCode.NOT_FOUND,
            "cannot write %s: %s; give a file in a folder that exists".formatted(file, e),
            e);
      }
    }

    private AfinaException notFound(String sentence) {
      return new AfinaException(ExitCode.NOT_FOUND, sentence.formatted(id.text()));
    }
  }

  /** {@code afina dead-letters replay}: back to where they came from. */
  @Command(
      name = "replay",
      header = "Put dead letters back on the topic where they came from.",
      description = {
        "After their cause is gone: a limit was raised, a bug was mended, an image came late. Records get their key, value and",
        "headers back. Each dead letter is put back at most once, also if this is run twice or killed; if it fails again, that is",
        "a new dead letter. A correction that is put back counts as said now: it replaces later ones for its image."
      },
      mixinStandardHelpOptions = true)
  static final class ReplayLetters implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin private ClusterOptions cluster;
    @Mixin private Filter filter;

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
    public Integer call() {
      AfinaConfig config = cluster.config();
      print(spec, List.of(dryRun ? count(config) : putBack(config)));
      return ExitCode.OK.code();
    }

    private String count(AfinaConfig config) {
      try (DeadLetterLog log = open(config, DeadLetterReplay.TOPICS)) {
        return "would put back %,d dead letters".formatted(choose(log).size());
      }
    }

    /** Opens the replay first: what is read after that, no other replay can change. */
    private String putBack(AfinaConfig config) {
      requireTopics(config, DeadLetterReplay.TOPICS);
      try (DeadLetterReplay replay = DeadLetterReplay.open(config);
          DeadLetterLog log = DeadLetterLog.open(config)) {
        Set<DeadLetterId> chosen = choose(log);
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

    private Set<DeadLetterId> choose(DeadLetterLog log) {
      DeadLetters all = DeadLetters.read(log);
      return all.of(filter.and(reason)).stream()
          .filter(letter -> DeadLetterReplay.TOPICS.contains(letter.why().topic()))
          .filter(letter -> !all.isReplayed(letter))
          .map(Letter::id)
          .collect(Collectors.toSet());
    }
  }

  /** Which dead letters, besides their reason. */
  static final class Filter {

    @Option(
        names = "--since",
        paramLabel = "TIME",
        converter = SinceConverter.class,
        description =
            "Only those set aside since then: a time such as 2h or 7d ago, or one such as 2026-05-04T12:00:00Z.")
    private @Nullable Instant since;

    @Option(
        names = "--topic",
        paramLabel = "TOPIC",
        converter = TopicConverter.class,
        completionCandidates = TopicNames.class,
        description = "Only those from this topic: ${COMPLETION-CANDIDATES}.")
    private @Nullable String topic;

    Predicate<DeadLetter> and(@Nullable Reason reason) {
      return letter ->
          (reason == null || letter.reason() == reason)
              && (topic == null || letter.topic().equals(topic))
              && (since == null || !letter.at().isBefore(since));
    }
  }

  private static DeadLetterLog open(AfinaConfig config, Set<String> topics) {
    requireTopics(config, topics);
    return DeadLetterLog.open(config);
  }

  private static void requireTopics(AfinaConfig config, Set<String> topics) {
    Set<String> all = new TreeSet<>(topics);
    all.add(Topics.DEAD_LETTERS.name());
    ReadyTopics.require(config, all);
  }

  private static void print(CommandSpec spec, List<String> lines) {
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
  }

  /** The reasons by their names in headers. */
  static final class Reasons extends ArrayList<String> {

    private static final long serialVersionUID = 1L;

    Reasons() {
      super(Arrays.stream(Reason.values()).map(Reason::text).toList());
    }
  }

  /** The topics that dead letters come from. */
  static final class TopicNames extends ArrayList<String> {

    private static final long serialVersionUID = 1L;

    TopicNames() {
      super(new TreeSet<>(DeadLetterReplay.TOPICS));
    }
  }

  /** Reads {@code --reason}. */
  static final class ReasonConverter implements ITypeConverter<Reason> {
    @Override
    public Reason convert(String text) {
      return Reason.parse(text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is no reason; it is one of %s"
                          .formatted(text, String.join(", ", new Reasons()))));
    }
  }

  /** Reads {@code --topic}. */
  static final class TopicConverter implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (!DeadLetterReplay.TOPICS.contains(text)) {
        throw new TypeConversionException(
            "no dead letters come from '%s'; it is one of %s"
                .formatted(text, String.join(", ", new TopicNames())));
      }
      return text;
    }
  }

  /** Reads the name of a dead letter. */
  static final class IdConverter implements ITypeConverter<DeadLetterId> {
    @Override
    public DeadLetterId convert(String text) {
      return DeadLetterId.parse(text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is no id; write PARTITION-OFFSET, such as 3-141".formatted(text)));
    }
  }

  /** Reads {@code --since}. */
  static final class SinceConverter implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      try {
        return text.contains("-")
            ? Instant.parse(text)
            : Instant.now().minus(Durations.parse(text));
      } catch (DateTimeParseException | IllegalArgumentException e) {
        throw new TypeConversionException(
            "'%s' is no time; write 2h or 7d for a time ago, or 2026-05-04T12:00:00Z"
                .formatted(text));
      }
    }
  }
}
