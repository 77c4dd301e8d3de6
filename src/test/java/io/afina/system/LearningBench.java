package io.afina.system;

import static io.afina.DefaultTopics.TOPICS;

import io.afina.bench.BenchLoad;
import io.afina.bench.BrokerProcess;
import io.afina.cli.option.Verbosity;
import io.afina.cli.service.ClassifierService;
import io.afina.cli.service.LocalServices;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Correction;
import io.afina.event.Json;
import io.afina.event.Prediction;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.TemporaryFolder;
import io.afina.metrics.Traces;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.Heads;
import io.afina.model.ModelLog;
import io.afina.model.ModelWriter;
import io.afina.model.SwapResult;
import io.afina.model.Verdict;
import io.afina.model.layer.Dense;
import io.afina.replay.LabelledPicture;
import io.afina.replay.LearnedWatch;
import io.afina.replay.Replay;
import io.afina.replay.TopicTail;
import io.afina.topic.ReadyTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Measures the life of a head, run by hand ({@code src/docs/benchmarks.md} says how): what swaps
 * cost those that wait for predictions, and how long it takes from a correction to a prediction by
 * a head that learned it. The broker is another process on the same cores.
 */
final class LearningBench {

  private static final int SWAPS = 200;
  private static final Duration BETWEEN_SWAPS = Duration.ofMillis(200);
  private static final double PICTURES_PER_SECOND = 40;
  private static final int ROUNDS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private LearningBench() {}

  /**
   * Runs it.
   *
   * @param args a backbone, and how many examples there are before corrections are timed
   */
  public static void main(String[] args) throws Exception {
    Verbosity.quiet();
    if (!args[1].equals("0")) {
      labelToLive(args[0], Integer.parseInt(args[1]));
    }
    swaps(args[0]);
  }

  /** The same load without swaps, with them, and without again. */
  private static void swaps(String backbone) throws Exception {
    try (Closer closer = new Closer()) {
      Path folder = closer.own(new TemporaryFolder("afina-bench-")).path();
      AfinaConfig config = config(closer, folder, backbone);
      Map<Long, Long> seen = new ConcurrentHashMap<>();
      ClassifierService classifier =
          closer.own(
              new ClassifierService(
                  config, new SimpleMeterRegistry(), Traces.off(), result -> note(result, seen)));
      classifier.running().join();
      List<byte[]> pictures =
          LabelledPicture.drawn(1, 100).stream().map(picture -> picture.bytes().get()).toList();
      BenchLoad load = closer.own(new BenchLoad(config, pictures));
      Duration time = BETWEEN_SWAPS.multipliedBy(SWAPS);
      load.full(Duration.ZERO, Duration.ofSeconds(30), () -> {});
      row("without swaps", load.paced(PICTURES_PER_SECOND, Duration.ofSeconds(1), time));
      try (Swapper swapper = new Swapper(config, classifier, seen)) {
        row(SWAPS + " swaps", load.paced(PICTURES_PER_SECOND, Duration.ofSeconds(1), time));
        swapper.report();
      }
      row("without swaps", load.paced(PICTURES_PER_SECOND, Duration.ofSeconds(1), time));
    }
  }

  private static void note(SwapResult result, Map<Long, Long> seen) {
    if (result instanceof SwapResult.Swapped swapped) {
      seen.put(swapped.head().version(), System.nanoTime());
    }
  }

  /** Promotes a head of random weights again and again. */
  private static final class Swapper implements AutoCloseable {

    private final Closer closer = new Closer();
    private final Map<Long, Long> seen;
    private final Map<Long, Long> committed = new ConcurrentHashMap<>();
    private final Thread thread;

    Swapper(AfinaConfig config, ClassifierService classifier, Map<Long, Long> seen) {
      this.seen = seen;
      ModelLog log = closer.own(ModelLog.open(config));
      ModelWriter writer = closer.own(new ModelWriter(config, log));
      String backbone = classifier.backbone().id();
      int inputs = classifier.backbone().card().embeddingSize();
      thread = new Thread(() -> swap(writer, backbone, inputs), "swapper");
      thread.start();
    }

    private void swap(ModelWriter writer, String backbone, int inputs) {
      Random random = new Random(1);
      for (long version = 1; version <= SWAPS; version++) {
        float[] rows = new float[10 * inputs];
        for (int i = 0; i < rows.length; i++) {
          rows[i] = (float) random.nextGaussian();
        }
        HeadCard card =
            Heads.card(version, backbone, inputs, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
        writer.promote(
            new Head(card, List.of(Dense.ofRows(inputs, 10, rows, new float[10]))), "bench", "");
        committed.put(version, System.nanoTime());
        LockSupport.parkNanos(BETWEEN_SWAPS.toNanos());
      }
    }

    void report() throws InterruptedException {
      thread.join(PATIENCE.toMillis());
      Histogram visible = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
      committed.forEach(
          (version, at) ->
              visible.recordValue(Math.max(0, (seen.getOrDefault(version, at) - at) / 1000)));
      System.out.printf(
          "%-24s %d of %d heads put in place; from the commit to its place: p50 %.1f ms, p99 %.1f"
              + " ms, longest %.1f ms%n",
          "",
          seen.size(),
          committed.size(),
          visible.getValueAtPercentile(50) / 1000.0,
          visible.getValueAtPercentile(99) / 1000.0,
          visible.getMaxValue() / 1000.0);
    }

    @Override
    public void close() {
      closer.close();
    }
  }

  private static void row(String what, BenchLoad.Outcome outcome) {
    Histogram latency = outcome.latency();
    System.out.printf(
        "%-24s %6.1f pictures/s, each once; p50 %6.1f ms, p99 %6.1f ms, p99.9 %6.1f ms%n",
        what,
        outcome.rate(),
        latency.getValueAtPercentile(50) / 1000.0,
        latency.getValueAtPercentile(99) / 1000.0,
        latency.getValueAtPercentile(99.9) / 1000.0);
  }

  private static void labelToLive(String backbone, int examples) throws Exception {
    try (Closer closer = new Closer()) {
      Path folder = closer.own(new TemporaryFolder("afina-bench-")).path();
      AfinaConfig config = config(closer, folder, backbone);
      LocalServices cluster =
          closer.own(
              new LocalServices(config, new SimpleMeterRegistry(), Traces.off(), result -> {}));
      System.out.printf(
          "backbone %s, %,d examples before%n",
          cluster.classifier().backbone().card().name(), examples);
      Replay replay = closer.own(new Replay(config, new Replay.Pace(1, 0, 1)));
      replay.stream(LabelledPicture.drawn(1, examples), true, score -> {});
      replay.awaitLearned(PATIENCE);
      time(config, LabelledPicture.drawn(2, ROUNDS));
    }
  }

  /** One correction at a time; once a head has learned it, pictures ask until that head answers. */
  private static void time(AfinaConfig config, List<LabelledPicture> pictures) throws Exception {
    Histogram millis = new Histogram(TimeUnit.MINUTES.toMillis(5), 3);
    try (LearnedWatch watch = new LearnedWatch(config);
        Publisher<byte[]> images = Publisher.open(config, TOPICS.images());
        Publisher<Correction> corrections = Publisher.open(config, TOPICS.corrections());
        KafkaConsumer<byte[], byte[]> predictions = TopicTail.open(config, TOPICS.predictions())) {
      int rejected = 0;
      for (LabelledPicture picture : pictures) {
        publish(images, picture, picture.id());
        awaitPrediction(predictions, 0);
        long start = System.nanoTime();
        corrections.send(
            new ProducerRecord<>(
                TOPICS.corrections().name(),
                picture.id(),
                new Correction(picture.label(), "bench", Instant.now(), null)));
        corrections.flush();
        HeadCard learned = await(watch, picture.id());
        if (learned.verdict().decision() != Verdict.Decision.PROMOTED) {
          rejected++;
          continue;
        }
        long answers = 0;
        while (answers < learned.version()) {
          publish(images, picture, "probe/" + System.nanoTime());
          answers = awaitPrediction(predictions, 0);
        }
        millis.recordValue((System.nanoTime() - start) / 1_000_000);
      }
      print(millis, rejected);
    }
  }

  private static void print(Histogram millis, int rejected) {
    System.out.printf(
        "from a correction to a prediction by a head that learned it, %d times (%d heads more were"
            + " refused by the gate): p50 %.2f s, p90 %.2f s, p99 %.2f s, longest %.2f s%n",
        millis.getTotalCount(),
        rejected,
        millis.getValueAtPercentile(50) / 1000.0,
        millis.getValueAtPercentile(90) / 1000.0,
        millis.getValueAtPercentile(99) / 1000.0,
        millis.getMaxValue() / 1000.0);
    millis
        .linearBucketValues(250)
        .forEach(
            bucket ->
                System.out.printf(
                    "  up to %5.2f s  %s%n",
                    bucket.getValueIteratedTo() / 1000.0,
                    "#".repeat((int) bucket.getCountAddedInThisIterationStep())));
  }

  private static HeadCard await(LearnedWatch watch, String id) {
    if (!watch.await(Set.of(id), PATIENCE)) {
      throw new IllegalStateException("not learned within " + PATIENCE);
    }
    return watch.newest().orElseThrow();
  }

  private static void publish(Publisher<byte[]> images, LabelledPicture picture, String id) {
    images.send(new ProducerRecord<>(TOPICS.images().name(), id, picture.bytes().get()));
    images.flush();
  }

  /** The head of the next prediction. */
  private static long awaitPrediction(KafkaConsumer<byte[], byte[]> predictions, long none) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      for (var record : predictions.poll(Duration.ofMillis(20))) {
        Long head = Json.read(record.value(), Prediction.class).head();
        return head == null ? none : head;
      }
    }
    throw new IllegalStateException("no prediction within " + PATIENCE);
  }

  private static AfinaConfig config(Closer closer, Path folder, String backbone) {
    BrokerProcess broker = closer.own(BrokerProcess.start(folder.resolve("kafka")));
    AfinaConfig config =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", broker.bootstrapServers())
            .set("backbone.address", backbone)
            .set("classifier.stateDir", folder.resolve("state"))
            .load();
    ReadyTopics.apply(config);
    return config;
  }
}
