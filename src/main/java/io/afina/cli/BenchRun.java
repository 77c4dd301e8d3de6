package io.afina.cli;

import io.afina.config.AfinaConfig;
import io.afina.event.Topics;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** One classifier under load, from publishing to the committed prediction. */
final class BenchRun implements AutoCloseable {

  /**
   * Until the JIT of classifier and broker has done its work; with 200 a row showed half of the
   * rate.
   */
  private static final int WARM_UP = 1500;

  private static final int MOST_UNDER_WAY = 256;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(1);

  private final Closer closer = new Closer();
  private final List<byte[]> samples;
  private final Publisher<byte[]> images;
  private final KafkaConsumer<byte[], byte[]> outcomes;

  /** Rates in pictures a second. */
  record Result(
      double fullRate, double halfRate, double p50Millis, double p99Millis, double p999Millis) {}

  BenchRun(AfinaConfig config, List<byte[]> samples) {
    this.samples = samples;
    try {
      images = closer.own(Publisher.open(config, Topics.IMAGES));
      outcomes = closer.own(Replay.followFromEnd(config, Topics.PREDICTIONS, Topics.DEAD_LETTERS));
      closer.own(new Classifier(config, new SimpleMeterRegistry(), result -> {})).running().join();
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  Result measure(int count) {
    load(WARM_UP, 0);
    long start = System.nanoTime();
    load(count, 0);
    double full = count / ((System.nanoTime() - start) / 1e9);
    Histogram latency = load(Math.max(1, count / 2), full / 2);
    return new Result(
        full,
        full / 2,
        millis(latency.getValueAtPercentile(50)),
        millis(latency.getValueAtPercentile(99)),
        millis(latency.getValueAtPercentile(99.9)));
  }

  @Override
  public void close() {
    closer.close();
  }

  /**
   * Publishes and waits for all outcomes.
   *
   * @param rate pictures a second, or 0 for as fast as outcomes come. At a rate, latency counts
   *     from the moment that a picture was due, so that a pause of the classifier shows in every
   *     picture that it holds up.
   * @return latencies in microseconds
   */
  private Histogram load(int count, double rate) {
    Histogram latency = new Histogram(TimeUnit.MINUTES.toMicros(10), 3);
    Map<String, Long> due = new HashMap<>();
    String run = UUID.randomUUID().toString();
    long start = System.nanoTime();
    int sent = 0;
    while (sent < count || !due.isEmpty()) {
      long now = System.nanoTime();
      requireProgress(now - start);
      while (sent < count && due.size() < MOST_UNDER_WAY && when(sent, start, rate) <= now) {
        String id = run + "/" + sent;
        due.put(id, rate > 0 ? when(sent, start, rate) : now);
        images.send(
            new ProducerRecord<>(Topics.IMAGES.name(), id, samples.get(sent % samples.size())));
        sent++;
      }
      for (ConsumerRecord<byte[], byte[]> outcome : outcomes.poll(POLL)) {
        Long published = due.remove(new String(outcome.key(), StandardCharsets.UTF_8));
        if (published != null) {
          latency.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - published));
        }
      }
    }
    return latency;
  }

  private static long when(int index, long start, double rate) {
    return rate > 0 ? start + (long) (index / rate * 1e9) : start;
  }

  private static void requireProgress(long nanos) {
    if (nanos > PATIENCE.toNanos()) {
      throw new AfinaException(
          ExitCode.FAILURE, "not all outcomes came within %s".formatted(PATIENCE));
    }
  }

  private static double millis(long micros) {
    return micros / 1000.0;
  }
}
