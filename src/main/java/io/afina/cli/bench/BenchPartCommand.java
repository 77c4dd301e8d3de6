package io.afina.cli.bench;

import io.afina.bench.BenchPart;
import io.afina.bench.BenchSamples;
import io.afina.bench.BenchThreads;
import io.afina.cli.option.ConfigOptions;
import io.afina.lifecycle.Announcement;
import io.afina.lifecycle.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures one part of a classifier in a process of its own, for {@code afina bench}. */
@Command(name = "bench-part", header = "Measure one part of a classifier.", hidden = true)
public final class BenchPartCommand implements Callable<Integer> {

  @Mixin private ConfigOptions options;

  @Parameters(paramLabel = "PART", description = "One of ${COMPLETION-CANDIDATES}.")
  private BenchPart part;

  @Option(names = "--pictures", paramLabel = "DIR", description = "Pictures to measure with.")
  private @Nullable Path pictures;

  @Option(names = "--threads", required = true, paramLabel = "N", description = "Threads.")
  private int threads;

  @Option(
      names = "--warm-up",
      required = true,
      paramLabel = "SECONDS",
      description = "Not counted.")
  private int warmUp;

  @Option(names = "--seconds", required = true, paramLabel = "N", description = "Counted.")
  private int seconds;

  @Override
  public Integer call() throws Exception {
    try (BenchPart.Work work =
        part.work(options.loader().load(), BenchSamples.read(pictures), threads)) {
      BenchThreads bench = new BenchThreads(work, threads);
      System.out.println(
          Announcement.RATE + bench.rate(Duration.ofSeconds(warmUp), Duration.ofSeconds(seconds)));
    }
    return ExitCode.OK.code();
  }
}
