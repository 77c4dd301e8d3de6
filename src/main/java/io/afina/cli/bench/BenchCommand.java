package io.afina.cli.bench;

import io.afina.bench.BenchDevice;
import io.afina.bench.BenchPart;
import io.afina.bench.BenchScale;
import io.afina.bench.BenchSettings;
import io.afina.bench.BenchSoak;
import io.afina.bench.BenchSuite;
import io.afina.bench.report.BenchReport;
import io.afina.bench.report.HtmlPage;
import io.afina.bench.report.ReportComparison;
import io.afina.bench.report.ReportTable;
import io.afina.cli.option.Verbosity;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the speed of the classifier and of its parts. */
@Command(
    name = "bench",
    header = "Measure what a classifier gives here, beside what decoding and inference could.",
    description = {
      "In turn, each in a process of its own on the same cores: (a) decoding and resizing, (b) the engine, (c) both one after the",
      "other, (d) the whole pipeline through a broker in another process, at full and at half load, (e) the pipeline of DJL's manual",
      "(PyTorch file beside the backbone, defaults), (f) one head more on an embedding. Latency is from publishing a picture to reading its committed prediction."
    })
public final class BenchCommand implements Callable<Integer> {

  @Mixin private BenchOptions options;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often everything is measured; default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "PART",
      description =
          "What to measure of ${COMPLETION-CANDIDATES}, where d is the pipeline; default: all.")
  private Set<Letter> only = EnumSet.allOf(Letter.class);

  @Option(
      names = "--batch",
      split = ",",
      paramLabel = "N",
      defaultValue = "1",
      description = "Batch sizes of the pipeline, such as 1,8,32; default: ${DEFAULT-VALUE}.")
  private List<Integer> batches = new ArrayList<>();

  @Option(
      names = "--guarantee",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "exactly_once_v2,at_least_once",
      description = "Processing guarantees of the pipeline; default: ${DEFAULT-VALUE}.")
  private List<String> guarantees = new ArrayList<>();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where the report goes, with every run.")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Where it goes as a page with latency curves; it needs no network.")
  private @Nullable Path html;

  @Option(
      names = "--compare",
      paramLabel = "FILE",
      description = "An earlier report (--json) to hold this one against.")
  private @Nullable Path compare;

  @Option(
      names = "--soak",
      paramLabel = "N",
      description = "Instead: so many pictures through one classifier, and what memory it holds.")
  private long soak;

  @Option(
      names = "--scale",
      description =
          "Instead: 1, 2 and 4 classifier processes with a simulated engine: a sleep in place of inference.")
  private boolean scale;

  @Option(
      names = "--device",
      description =
          "Instead: batches of 1, 8 and 64 on a simulated device that takes 64 pictures in the time of 4.")
  private boolean device;

  @Option(
      names = "--engine-millis",
      paramLabel = "N",
      defaultValue = "50",
      description = "How long that engine seems to take; default: ${DEFAULT-VALUE}.")
  private int engineMillis;

  @Override
  public Integer call() throws IOException {
    Verbosity.quiet();
    if (scale) {
      BenchSettings settings = options.settings();
      new BenchScale(settings, engineMillis, settings.threads(), System.out::println).run();
    } else if (device) {
      new BenchDevice(options.settings(), engineMillis, System.out::println).run();
    } else if (soak > 0) {
      new BenchSoak(options.settings(), soak, System.out::println).run();
    } else {
      report();
    }
    return ExitCode.OK.code();
  }

  private void report() throws IOException {
    BenchReport before = compare == null ? null : read(compare);
    BenchReport now =
        new BenchSuite(options.settings(), line -> System.err.println(line))
            .measure(parts(), variants(), runs);
    List<String> table = new ReportTable(now).lines();
    table.forEach(System.out::println);
    if (before != null) {
      System.out.println();
      new ReportComparison(before, now).lines().forEach(System.out::println);
    }
    write(now, table);
  }

  /** The letters of the description, so that {@code --only a,d} can be typed. */
  enum Letter {
    A,
    B,
    C,
    D,
    E,
    F
  }

  private List<BenchPart> parts() {
    return Stream.of(BenchPart.values())
        .filter(part -> only.contains(Letter.valueOf(part.letter())))
        .toList();
  }

  private List<BenchSuite.Variant> variants() {
    if (!only.contains(Letter.D)) {
      return List.of();
    }
    return guarantees.stream()
        .flatMap(name -> batches.stream().map(batch -> new BenchSuite.Variant(name, batch)))
        .toList();
  }

  private void write(BenchReport report, List<String> table) throws IOException {
    if (json != null) {
      Files.write(json, Json.write(report));
    }
    if (html != null) {
      Files.writeString(html, HtmlPage.of(report, table), StandardCharsets.UTF_8);
    }
  }

  private static BenchReport read(Path file) {
    try {
      return Json.read(Files.readAllBytes(file), BenchReport.class);
    } catch (IOException | MalformedRecordException e) {
      throw new AfinaException(
          ExitCode.NOT_FOUND,
          "%s is no report of afina bench --json (%s): name one".formatted(file, e.getMessage()),
          e);
    }
  }
}
