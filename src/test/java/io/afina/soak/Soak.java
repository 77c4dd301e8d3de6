package io.afina.soak;

import static io.afina.DefaultTopics.TOPICS;

import io.afina.bench.BenchLoad;
import io.afina.bench.BrokerProcess;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Correction;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.TemporaryFolder;
import io.afina.replay.LabelledPicture;
import io.afina.replay.Replay;
import io.afina.system.Browser;
import io.afina.topic.ReadyTopics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Does anything grow? A classifier and a trainer under a steady load for as long as is asked, with
 * a correction, and so a new head, every five seconds; their memory, file handles, threads and the
 * latency go to a table and a chart, and what grew makes it fail. {@code mvn -Psoak} runs it.
 */
final class Soak {

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(15);
  private static final Duration BETWEEN_CORRECTIONS = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Examples at any time: the training set keeps its size. */
  private static final int TAUGHT = 300;

  private static final int SAMPLES = 500;

  /**
   * Full before it is judged. The default takes most of an hour to fill at twenty pictures a
   * second, and what fills looks like what leaks.
   */
  private static final long STORE_CACHE = 32_000_000;

  /** So often, in looks, the heap is collected, to see what lives: nothing else would for long. */
  private static final int BETWEEN_COLLECTIONS = 8;

  private static final int WIDTH = 940;
  private static final int HEIGHT = 1320;

  private final Duration time;
  private final double rate;
  private final Map<String, List<Double>> series = new LinkedHashMap<>();

  private Soak(Duration time, double rate) {
    this.time = time;
    this.rate = rate;
  }

  /**
   * Runs it.
   *
   * @param args {@code MINUTES PICTURES_PER_SECOND FOLDER}; the chart and the table go to the
   *     folder
   */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[2]));
    Duration time = Duration.ofMinutes(Long.parseLong(args[0]));
    SoakReport report =
        time.isZero()
            ? SoakReport.read(folder.resolve("soak.csv"))
            : new Soak(time, Double.parseDouble(args[1])).run(folder);
    report.write(folder);
    picture(folder);
    report.lines().forEach(System.out::println);
    System.exit(report.isFlat() ? 0 : 1);
  }

  private static void picture(Path folder) {
    if (!Browser.isThere()) {
      System.out.println("no picture of soak.html: there is no Chromium");
      return;
    }
    try (TemporaryFolder profile = new TemporaryFolder("afina-chromium-");
        Browser browser = Browser.open(profile.path())) {
      browser.size(WIDTH, HEIGHT);
      browser.go(folder.resolve("soak.html").toUri().toString());
      browser.screenshot(folder.toAbsolutePath().resolve("soak.png"));
    }
  }

  /** Runs, and keeps the results so far after every look. */
  private SoakReport run(Path results) throws Exception {
    try (Closer closer = new Closer()) {
      // Whoever ends it early ends its processes.
      Runtime.getRuntime().addShutdownHook(new Thread(closer::close, "afina-soak-end"));
      Path folder = closer.own(new TemporaryFolder("afina-soak-")).path();
      BrokerProcess broker = closer.own(BrokerProcess.start(folder.resolve("kafka")));
      ConfigLoader settings = settings(broker, folder);
      AfinaConfig config = settings.load();
      ReadyTopics.apply(config);
      Path file = folder.resolve("afina.yaml");
      settings.save(file);
      SoakProcess classifier =
          closer.own(SoakProcess.start("classifier", folder, "classify", file));
      SoakProcess trainer = closer.own(SoakProcess.start("trainer", folder, "train", file));
      List<LabelledPicture> taught = LabelledPicture.drawn(1, TAUGHT);
      teach(config, taught);
      List<byte[]> samples =
          LabelledPicture.drawn(2, SAMPLES).stream().map(picture -> picture.bytes().get()).toList();
      BenchLoad load = closer.own(new BenchLoad(config, samples));
      Future<?> correcting = correct(closer, config, taught);
      long end = System.nanoTime() + time.toNanos();
      for (int look = 0; System.nanoTime() < end; look++) {
        if (look % BETWEEN_COLLECTIONS == 0) {
          classifier.collect();
          trainer.collect();
        }
        look(load.paced(rate, Duration.ZERO, BETWEEN_LOOKS).latency(), classifier, trainer);
        report().write(results);
        if (correcting.isDone()) {
          correcting.get();
        }
      }
    }
    return report();
  }

  private static ConfigLoader settings(BrokerProcess broker, Path folder) {
    return ConfigLoader.defaults()
        .set("kafka.bootstrap.servers", broker.bootstrapServers())
        .set("classifier.stateDir", folder.resolve("state"))
        // Embeddings come and go within the run, as they do within a week.
        .set("classifier.embeddingRetention", "4m")
        .set("classifier.storeCacheBytes", STORE_CACHE)
        .set("trainer.minNewExamples", 1);
  }

  private SoakReport report() {
    return new SoakReport(series, BETWEEN_LOOKS);
  }

  private static void teach(AfinaConfig config, List<LabelledPicture> pictures) {
    Replay replay = new Replay(config, new Replay.Pace(1, 0, 1));
    try (replay) {
      replay.stream(pictures, true, score -> {});
      replay.awaitLearned(PATIENCE);
    }
  }

  /** Another picture and its label every few seconds, each for a head; the oldest is withdrawn. */
  private Future<?> correct(Closer closer, AfinaConfig config, List<LabelledPicture> taught) {
    Publisher<byte[]> images = closer.own(Publisher.open(config, TOPICS.images()));
    Publisher<Correction> corrections = closer.own(Publisher.open(config, TOPICS.corrections()));
    Deque<LabelledPicture> known = new ArrayDeque<>(taught);
    Iterator<LabelledPicture> next =
        LabelledPicture.drawn(3, time.plus(PATIENCE).dividedBy(BETWEEN_CORRECTIONS)).iterator();
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    closer.own(clock::shutdownNow);
    return clock.scheduleAtFixedRate(
        () -> {
          LabelledPicture picture = next.next();
          known.add(picture);
          images.send(
              new ProducerRecord<>(TOPICS.images().name(), picture.id(), picture.bytes().get()));
          say(corrections, picture, new Correction(picture.label(), "soak", Instant.now(), null));
          say(corrections, known.remove(), null);
        },
        0,
        BETWEEN_CORRECTIONS.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private static void say(
      Publisher<Correction> corrections, LabelledPicture of, @Nullable Correction correction) {
    corrections.send(new ProducerRecord<>(TOPICS.corrections().name(), of.id(), correction));
  }

  private void look(Histogram latency, SoakProcess... processes) {
    for (SoakProcess process : processes) {
      process.vitals().forEach(this::add);
    }
    add("latency p50, ms", latency.getValueAtPercentile(50) / 1000.0);
    add("latency p99, ms", latency.getValueAtPercentile(99) / 1000.0);
  }

  private void add(String name, double value) {
    series.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
  }
}
