package io.afina.backbone;

import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.UnusableRecordException;
import io.afina.metrics.BatchMeters;
import io.afina.picture.HostilePictures;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Measures good pictures among hostile ones, beside the good ones alone, run by hand ({@code
 * src/docs/benchmarks.md} says how) in a small heap.
 */
final class HostileBench {

  private static final int GOOD = 3000;
  private static final int HOSTILE = 300;
  private static final int SIDE = 10_000;
  private static final int WARM_UP = 600;
  private static final String DECODED = "decoded";

  private record Picture(String name, byte[] bytes) {}

  /** What became of one: its outcome, and how long its thread was busy with it. */
  private record Done(Picture picture, String outcome, long nanos) {}

  private final DecodingEmbedder embedder;
  private final int threads = Runtime.getRuntime().availableProcessors();

  private HostileBench(DecodingEmbedder embedder) {
    this.embedder = embedder;
  }

  /**
   * Runs it.
   *
   * @param args a folder of good pictures, {@code .jpg}
   */
  public static void main(String[] args) throws Exception {
    AfinaConfig config = ConfigLoader.defaults().load();
    List<Picture> good = repeated(files(Path.of(args[0])), GOOD);
    List<Picture> kinds = new ArrayList<>();
    HostilePictures.all(SIDE).forEach((name, bytes) -> kinds.add(new Picture(name, bytes)));
    List<Picture> mixed = new ArrayList<>(good);
    mixed.addAll(repeated(kinds, HOSTILE));
    Collections.shuffle(mixed, new Random(17));
    Backbone backbone =
        new BackboneResolver(config.backbone()).resolve(config.backbone().address());
    try (BackboneModel model = BackboneModel.load(backbone, 1, "cpu");
        DecodingEmbedder embedder =
            new DecodingEmbedder(config, model, new BatchMeters(new SimpleMeterRegistry()))) {
      HostileBench bench = new HostileBench(embedder);
      System.out.printf(
          "heap %,d MB, %d threads, %,d good and %,d hostile pictures%n",
          Runtime.getRuntime().maxMemory() >> 20, bench.threads, good.size(), HOSTILE);
      bench.run(good.subList(0, WARM_UP));
      double alone = report("good alone", bench.run(good));
      List<Done> done = bench.run(mixed);
      double among = report("good among hostile", done);
      System.out.printf("good ones go on at %.0f %% of their rate%n", 100 * among / alone);
      outcomes(done);
    }
  }

  private List<Done> run(List<Picture> pictures) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    AtomicInteger next = new AtomicInteger();
    List<Future<List<Done>>> parts = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      parts.add(
          pool.submit(
              () -> {
                List<Done> done = new ArrayList<>();
                for (int i = next.getAndIncrement();
                    i < pictures.size();
                    i = next.getAndIncrement()) {
                  done.add(embed(pictures.get(i)));
                }
                return done;
              }));
    }
    List<Done> all = new ArrayList<>();
    for (Future<List<Done>> part : parts) {
      all.addAll(part.get());
    }
    pool.shutdown();
    return all;
  }

  private Done embed(Picture picture) {
    long start = System.nanoTime();
    String outcome = DECODED;
    try {
      embedder.embed(picture.bytes(), null);
    } catch (UnusableRecordException e) {
      outcome = e.reason().text();
    }
    return new Done(picture, outcome, System.nanoTime() - start);
  }

  /** Pictures a second while the threads are busy with good ones. */
  private static double report(String name, List<Done> done) {
    List<Long> good =
        done.stream()
            .filter(each -> each.picture().name().isEmpty())
            .map(Done::nanos)
            .sorted()
            .toList();
    double busy = good.stream().mapToLong(Long::longValue).sum() / 1e9;
    double all = done.stream().mapToLong(Done::nanos).sum() / 1e9;
    double rate = good.size() / busy * Runtime.getRuntime().availableProcessors();
    System.out.printf(
        "%-20s %8.1f pictures/s, median %.1f ms, p99 %.1f ms, longest %.0f ms; all threads %.0f s%n",
        name,
        rate,
        good.get(good.size() / 2) / 1e6,
        good.get(good.size() * 99 / 100) / 1e6,
        good.get(good.size() - 1) / 1e6,
        all);
    return rate;
  }

  private static void outcomes(List<Done> done) {
    Map<String, List<Long>> times = new TreeMap<>();
    done.forEach(
        each ->
            times
                .computeIfAbsent(
                    each.picture().name() + " | " + each.outcome(), key -> new ArrayList<>())
                .add(each.nanos()));
    times.forEach(
        (key, nanos) ->
            System.out.printf(
                "| %s | %d | %.0f |%n",
                key,
                nanos.size(),
                nanos.stream().mapToLong(Long::longValue).average().orElse(0) / 1e6));
  }

  private static List<Picture> files(Path folder) throws IOException {
    List<Picture> pictures = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jpg")).sorted().toList()) {
        pictures.add(new Picture("", Files.readAllBytes(file)));
      }
    }
    return pictures;
  }

  private static List<Picture> repeated(List<Picture> pictures, int count) {
    return Stream.iterate(0, i -> i + 1)
        .limit(count)
        .map(i -> pictures.get(i % pictures.size()))
        .toList();
  }
}
