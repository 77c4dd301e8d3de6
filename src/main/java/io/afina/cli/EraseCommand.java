package io.afina.cli;

import io.afina.cli.option.AuthorOptions;
import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.TerminalText;
import io.afina.config.AfinaConfig;
import io.afina.erasure.ImageErasure;
import io.afina.erasure.Occurrences;
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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Erases images: {@code afina erase}. */
@Command(
    name = "erase",
    header = "Erase images: picture, prediction, embedding, labels, copies and dead letters.",
    description = {
      "Reads all topics for what there is of the images, asks, has the classifiers forget them, and reads all topics again.",
      "What is left is listed, with what removes it when. A classifier must be running."
    })
final class EraseCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ClusterOptions cluster;
  @Mixin private AuthorOptions by;

  @Option(
      names = "--image",
      arity = "1..*",
      required = true,
      paramLabel = "ID",
      description = "The ids of the images.")
  private List<String> images = new ArrayList<>();

  @Option(
      names = "--older",
      description =
          "Where a topic is kept by time, delete all records up to those of the images now, those of other images too.")
  private boolean older;

  @Option(names = "--check", description = "Only say what there is of the images.")
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
    AfinaConfig config = cluster.config();
    Set<String> ids = new LinkedHashSet<>(images);
    try (ImageErasure erasure = ImageErasure.open(config, Duration.ofSeconds(patience))) {
      Occurrences found = erasure.find(ids);
      print(List.of("%d images are in %d records".formatted(ids.size(), found.all().size())));
      print(erasure.describe(found));
      if (!check) {
        confirm(ids.size());
        Occurrences left = erasure.erase(ids, found, older);
        audit(ids, found, left);
        print(List.of("erased; %d records are left".formatted(left.all().size())));
        print(erasure.describe(left));
      }
    }
    return ExitCode.OK.code();
  }

  private void print(List<String> lines) {
    TerminalText.print(spec, lines.stream().map(TerminalText::text).toList());
  }

  private void confirm(int count) throws IOException {
    if (yes) {
      return;
    }
    spec.commandLine().getOut().print("Erase %d images for good? [y/N] ".formatted(count));
    spec.commandLine().getOut().flush();
    String answer =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
    if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).startsWith("y")) {
      throw new AfinaException(
          ExitCode.USAGE, "nothing was erased: answer y, or give --yes where nobody can be asked");
    }
  }

  /** By the hashes of the ids: the trail proves which they were, and does not say it. */
  private void audit(Set<String> ids, Occurrences found, Occurrences left) {
    Audit.did(by.who(), "command line")
        .addKeyValue("why", by.why())
        .addKeyValue("older", older)
        .addKeyValue("records", found.all().size())
        .addKeyValue("left", left.all().size())
        .addKeyValue("sha256_of_ids", ids.stream().map(EraseCommand::hash).toList())
        .log("images erased");
  }

  private static String hash(String id) {
    return Sha256.hex(id.getBytes(StandardCharsets.UTF_8));
  }
}
