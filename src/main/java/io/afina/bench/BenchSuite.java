package io.afina.bench;

import io.afina.backbone.Backbone;
import io.afina.backbone.BackboneResolver;
import io.afina.bench.report.BenchReport;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.AfinaVersion;
import io.afina.lifecycle.Announcement;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.TemporaryFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures parts of a classifier and the whole of it. The parts are measured in turn, each run in
 * fresh processes, so that what changes on the machine meanwhile shows in their spread; the
 * pipeline is started once and warmed for long, as its compilers need most of a minute on two busy
 * cores.
 */
public final class BenchSuite {

  private static final Duration PART_PATIENCE = Duration.ofMinutes(2);

  private static final String BUNDLED = "bundled:";
  private static final String BUNDLED_PYTORCH = BUNDLED + "small_res_112.pt";

  /** The variables that Afina's launcher sets, and that another program would not have. */
  private static final List<String> OURS =
      List.of(
          "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_TOP_PAD_", "OMP_WAIT_POLICY");

  private final BenchSettings options;
  private final List<byte[]> samples;
  private final Consumer<String> progress;
  private final Map<BenchPart, List<Double>> parts = new TreeMap<>();
  private int underWay;

  public BenchSuite(BenchSettings options, Consumer<String> progress) {
    this.options = options;
    this.samples = options.samples();
    this.progress = progress;
  }

  /** A combination of guarantee and batch size. */
  public record Variant(String guarantee, int batch) {}

  /** Measures everything in a number of runs. */
  public BenchReport measure(List<BenchPart> chosen, List<Variant> variants, int runs) {
    for (int run = 1; run <= runs; run++) {
      for (BenchPart part : chosen) {
        progress.accept("%s, run %d of %d".formatted(part.title(), run, runs));
        measure(part);
      }
    }
    List<BenchReport.Pipeline> pipelines =
        variants.stream().map(variant -> pipeline(variant, runs)).toList();
    return new BenchReport(
        Instant.now(),
        setup(runs),
        parts.entrySet().stream().map(e -> part(e.getKey(), e.getValue())).toList(),
        pipelines);
  }

  private BenchReport.Part part(BenchPart part, List<Double> rates) {
    return new BenchReport.Part(part.title(), part.threads(options.threads()), rates);
  }

  private void measure(BenchPart part) {
    if (part == BenchPart.TEXTBOOK) {
      textbookBackbone(options.backbone()).ifPresent(file -> measure(part, file));
    } else {
      measure(part, options.backbone());
    }
  }

  /**
   * The backbone that DJL's own pipeline can run: the PyTorch file beside ours, {@code x.pt} for
   * {@code x.onnx} and {@code x.int8.onnx}, or the one in the jar; empty when there is none.
   */
  private static Optional<String> textbookBackbone(@Nullable String backbone) {
    if (backbone == null || backbone.startsWith(BUNDLED)) {
      return Optional.of(BUNDLED_PYTORCH);
    }
    if (backbone.contains("://")) {
      return Optional.empty();
    }
    Path file = Path.of(backbone);
    String name = String.valueOf(file.getFileName());
    Path sibling = file.resolveSibling(name.substring(0, name.indexOf('.')) + ".pt");
    return Optional.of(sibling).filter(Files::exists).map(Path::toString);
  }

  private void measure(BenchPart part, @Nullable String backbone) {
    try (Closer closer = Closer.untilTheProcessEnds()) {
      Path folder = closer.own(new TemporaryFolder("afina-bench-")).path();
      Path file = folder.resolve("afina.yaml");
      options.config().set("backbone.address", backbone).save(file);
      boolean ours = part != BenchPart.TEXTBOOK;
      AfinaProcess process =
          closer.own(
              AfinaProcess.start(
                  ours ? AfinaProcess.options() : List.of(),
                  ours ? List.of() : OURS,
                  arguments(part, file),
                  Announcement.RATE,
                  PART_PATIENCE));
      parts
          .computeIfAbsent(part, p -> new ArrayList<>())
          .add(Double.parseDouble(process.announced()));
    }
  }

  private List<String> arguments(BenchPart part, Path config) {
    List<String> arguments =
        new ArrayList<>(List.of("bench-part", part.name(), "--config", config.toString()));
    arguments.add("--threads=" + part.threads(options.threads()));
    arguments.add("--warm-up=" + options.warmUp().toSeconds());
    arguments.add("--seconds=" + options.time().toSeconds());
    if (options.pictures() != null) {
      arguments.add("--pictures=" + options.pictures());
    }
    return arguments;
  }

  private BenchReport.Pipeline pipeline(Variant variant, int runs) {
    ConfigLoader config =
        options
            .config()
            .set("classifier.guarantee", variant.guarantee())
            .set("classifier.batchSize", variant.batch())
            .set("classifier.threads", options.threads());
    String title = "pipeline %s, batch %d".formatted(variant.guarantee(), variant.batch());
    progress.accept(title + ", warm-up");
    try (BenchPipeline pipeline = new BenchPipeline(config, samples, 1, "classify")) {
      pipeline.warm(options.warmUpOfPipeline());
      List<BenchReport.Run> measured = new ArrayList<>();
      for (int run = 1; run <= runs; run++) {
        progress.accept("%s, run %d of %d".formatted(title, run, runs));
        measured.add(pipeline.measure(options.time()));
      }
      underWay = pipeline.load().mostUnderWay();
      return new BenchReport.Pipeline(
          variant.guarantee(), variant.batch(), options.threads(), measured);
    }
  }

  private BenchReport.Setup setup(int runs) {
    Backbone backbone =
        new BackboneResolver(options.config().load().backbone()).resolve(options.backbone());
    return new BenchReport.Setup(
        AfinaVersion.text(),
        "Java %s %s".formatted(Runtime.version(), String.join(" ", AfinaProcess.options())),
        "%s %s".formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        "%s (%s)".formatted(backbone.file().getFileName(), backbone.card().engine().djlName()),
        samples.size(),
        (long) samples.stream().mapToInt(sample -> sample.length).average().orElse(0),
        runs,
        (int) options.time().toSeconds(),
        underWay);
  }
}
