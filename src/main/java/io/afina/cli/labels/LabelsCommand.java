package io.afina.cli.labels;

import io.afina.cli.option.AuthorOptions;
import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.TerminalText;
import io.afina.config.AfinaConfig;
import io.afina.event.Topic;
import io.afina.label.LabelDescription;
import io.afina.label.LabelEdits;
import io.afina.label.LabelLog;
import io.afina.label.LabelRecord;
import io.afina.label.LabelTable;
import io.afina.label.LabelWriter;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.topic.ReadyTopics;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the labels; its methods are the subcommands that change them. */
@Command(
    name = "labels",
    header = "List the labels that people use; rename, merge, retire and describe them.",
    description = {
      "A change shows in predictions within a second, and is learned at the next training. What was said and learned",
      "before stays as it is, so that every change can be taken back."
    })
public final class LabelsCommand implements Runnable {

  private static final int LONGEST_DESCRIPTION = 60;

  @Spec private CommandSpec spec;
  @Mixin private ClusterOptions cluster;

  @Override
  public void run() {
    list(cluster);
  }

  @Command(
      name = "list",
      header = "List all labels, those among them that are used no longer.",
      mixinStandardHelpOptions = true)
  void list(@Mixin ClusterOptions from) {
    AfinaConfig config = from.config();
    requireTopic(config);
    LabelTable table = LabelLog.read(config);
    TerminalText.print(spec, lines(table, table.records().values()));
  }

  /** Labels by name, a line each, under a line that says what stands where. */
  static List<String> lines(LabelTable table, Collection<LabelRecord> records) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%-30s %-24s %-20s %-12s %-24s %s"
            .formatted("label", "state", "since", "who", "was called", "description"));
    records.stream()
        .sorted(Comparator.comparing(LabelRecord::name))
        .map(record -> line(table, record))
        .forEach(lines::add);
    return lines;
  }

  private static String line(LabelTable table, LabelRecord record) {
    String state = record.state().name().toLowerCase(Locale.ROOT);
    String description = Optional.ofNullable(record.description()).orElse("");
    return TerminalText.text(
            "%-30s %-24s %-20s %-12s %-24s %s"
                .formatted(
                    record.name(),
                    record.into() == null
                        ? state
                        : "%s into %s".formatted(state, table.name(record.into())),
                    record.at().truncatedTo(ChronoUnit.SECONDS),
                    record.who(),
                    String.join(", ", record.names()),
                    TerminalText.cut(description, LONGEST_DESCRIPTION)))
        .stripTrailing();
  }

  @Command(
      name = "rename",
      header = "Give a label another name; the old one leads to it still.",
      mixinStandardHelpOptions = true)
  void rename(
      @Mixin EditOptions by,
      @Parameters(paramLabel = "LABEL") String from,
      @Parameters(paramLabel = "NAME") String to) {
    by.edit(spec, (edits, table) -> edits.rename(table, from, to));
  }

  @Command(
      name = "merge",
      header = "Make labels one: those that are named first become the last.",
      mixinStandardHelpOptions = true)
  void merge(
      @Mixin EditOptions by,
      @Parameters(paramLabel = "LABEL", arity = "2..*", description = "Two or more.")
          List<String> labels) {
    int last = labels.size() - 1;
    by.edit(spec, (edits, table) -> edits.merge(table, labels.subList(0, last), labels.get(last)));
  }

  @Command(
      name = "retire",
      header = "Let a label be used no longer: neither predicted, offered nor trained on.",
      mixinStandardHelpOptions = true)
  void retire(@Mixin EditOptions by, @Parameters(paramLabel = "LABEL") String label) {
    by.edit(spec, (edits, table) -> edits.retire(table, label));
  }

  @Command(
      name = "describe",
      header = "Say what a label means; adds the label, if there is none of that name.",
      description = "What is not given stays as it is; an empty text takes it away.",
      mixinStandardHelpOptions = true)
  void describe(
      @Mixin EditOptions by,
      @Parameters(paramLabel = "LABEL") String label,
      @Option(
              names = "--text",
              paramLabel = "TEXT",
              description = "What it means, and what does not belong to it.")
          @Nullable String text,
      @Option(
              names = "--example",
              paramLabel = "ID",
              description = "An image that shows it; may be given several times.")
          @Nullable List<String> examples,
      @Option(names = "--colour", paramLabel = "#RRGGBB", description = "In which it is drawn.")
          @Nullable String colour,
      @Option(names = "--key", paramLabel = "KEY", description = "On the keyboard that gives it.")
          @Nullable String key) {
    LabelDescription said = new LabelDescription(text, examples, colour, key);
    by.edit(spec, (edits, table) -> edits.describe(table, label, said));
  }

  @Command(
      name = "undo",
      header = "Take the last change of a label back; without LABEL the last change of all.",
      description = "Doing it again takes back the one before.",
      mixinStandardHelpOptions = true)
  void undo(
      @Mixin EditOptions by,
      @Parameters(paramLabel = "LABEL", arity = "0..1") @Nullable String label) {
    by.edit(spec, (edits, table) -> LabelEdits.undo(table, Optional.ofNullable(label)));
  }

  private static void requireTopic(AfinaConfig config) {
    Topic<String, byte[]> labels = config.topics().labels();
    ReadyTopics.require(config, List.of(labels.name()));
  }

  /** Changes labels, and shows what is another now. */
  static final class EditOptions {

    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @Mixin private AuthorOptions author = new AuthorOptions();

    private void edit(
        CommandSpec spec, BiFunction<LabelEdits, LabelTable, Map<String, LabelRecord>> edit) {
      AfinaConfig config = cluster.config();
      requireTopic(config);
      LabelEdits edits = new LabelEdits(author.who(), Instant.now(), author.why());
      try {
        LabelWriter.Change made = LabelWriter.write(config, table -> edit.apply(edits, table));
        TerminalText.print(spec, lines(made.table(), made.records().values()));
      } catch (KafkaException e) {
        throw new AfinaException(
            ExitCode.UNREACHABLE, "no label was changed: " + e.getMessage(), e);
      }
    }
  }
}
