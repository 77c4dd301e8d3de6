package io.afina.cli;

import io.afina.cli.option.AuthorOptions;
import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.TerminalText;
import io.afina.config.AfinaConfig;
import io.afina.erasure.Erasure;
import io.afina.erasure.ImageErasure;
import io.afina.erasure.LabellerErasure;
import io.afina.erasure.Occurrences;
import io.afina.event.MalformedRecordException;
import io.afina.event.RecordLimits;
import io.afina.event.Sha256;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.log.Audit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Erases images, or what a labeller said of them: {@code afina erase}. */
@Command(
    name = "erase",
    header = "Erase images, or a labeller.",
    description = {
      "Of images: picture, prediction, embedding, labels, copies and dead letters. Of a labeller: the name, and what he said of images.",
      "Reads all topics for what there is, asks, has the classifiers forget it, and reads all topics again.",
      "What is left is listed, with what removes it when. A classifier must be running."
    })
final class EraseCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ClusterOptions cluster;
  @Mixin private AuthorOptions by;

  @ArgGroup(multiplicity = "1")
  private Target target = new Target();

  static final class Target {

    @Option(
        names = "--image",
        arity = "1..*",
        paramLabel = "ID",
        description = "The ids of the images.")
    private List<String> images = List.of();

    @ArgGroup(exclusive = false)
    private @Nullable Labeller labeller;
  }

  static final class Labeller {

    @Option(names = "--labeller", required = true, paramLabel = "NAME", description = "The name.")
    private String name = "";

    @Option(
        names = "--keep-labels",
        description = "Labels stay, as the word of those of whom nothing is known.")
    private boolean keepLabels;
  }

  @Option(
      names = "--older",
      description =
          "Where a topic is kept by time, delete all records up to those that were found now, those of others too.")
  private boolean older;

  @Option(names = "--check", description = "Only say what there is.")
  private boolean check;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long the classifiers may take; default: ${DEFAULT-VALUE}.")
  private long patience;

  @Override
  public Integer call() throws IOException {
    try (Erasure erasure = open()) {
      Occurrences found = erasure.find();
      print(List.of("%s: in %d records".formatted(what(), found.all().size())));
      print(erasure.describe(found));
      if (!check) {
        confirm();
        Occurrences left = erasure.erase(found, older);
        audit(found, left);
        print(List.of("erased; %d records are left".formatted(left.all().size())));
        print(erasure.describe(left));
      }
    }
    return ExitCode.OK.code();
  }

  private Erasure open() {
    AfinaConfig config = cluster.config();
    Duration time = Duration.ofSeconds(patience);
    Labeller labeller = target.labeller;
    if (labeller == null) {
      return new ImageErasure(config, time, Set.copyOf(target.images));
    }
    try {
      RecordLimits.require("a labeller", labeller.name, RecordLimits.LABELLER);
    } catch (MalformedRecordException e) {
      throw new AfinaException(ExitCode.USAGE, "--labeller " + e.getMessage(), e);
    }
    return new LabellerErasure(config, time, labeller.name, labeller.keepLabels);
  }

  private String what() {
    Labeller labeller = target.labeller;
    if (labeller == null) {
      return "%d images".formatted(Set.copyOf(target.images).size());
    }
    return labeller.keepLabels ? "the labeller's name" : "the labeller and all his labels";
  }

  private void print(List<String> lines) {
    TerminalText.print(spec, lines.stream().map(TerminalText::text).toList());
  }

  private void confirm() throws IOException {
    if (yes) {
      return;
    }
    spec.commandLine().getOut().print("Erase %s for good? [y/N] ".formatted(what()));
    spec.commandLine().getOut().flush();
    String answer =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
    if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).startsWith("y")) {
      throw new AfinaException(
          ExitCode.USAGE, "nothing was erased: answer y, or give --yes where nobody can be asked");
    }
  }

  /** By hashes: the trail proves which ids or which name it was, and does not say it. */
  private void audit(Occurrences found, Occurrences left) {
    Labeller labeller = target.labeller;
    List<String> hashes =
        (labeller == null ? target.images : List.of(labeller.name))
            .stream().distinct().map(EraseCommand::hash).toList();
    Audit.did(by.who(), "command line")
        .addKeyValue("why", by.why())
        .addKeyValue("older", older)
        .addKeyValue("records", found.all().size())
        .addKeyValue("left", left.all().size())
        .addKeyValue(labeller == null ? "sha256_of_ids" : "sha256_of_labeller", hashes)
        .log(labeller == null ? "images erased" : "labeller erased");
  }

  private static String hash(String id) {
    return Sha256.hex(id.getBytes(StandardCharsets.UTF_8));
  }
}
