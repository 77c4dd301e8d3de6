package io.afina.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.config.AfinaConfig;
import io.afina.event.Topic;
import io.afina.event.Topics;
import io.afina.kafka.Homes;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.replay.TopicTail;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Publishes pictures, reads their predictions and measures rate and latency. */
public final class BenchLoad implements AutoCloseable {

  /** Enough that no classifier thread ever waits for a picture. */
  private static final int UNDER_WAY_PER_PARTITION = 20;

  /**
   * As much as all partitions hold of large pictures, but two each: else they take minutes to pass.
   */
  private static final long BYTES_UNDER_WAY = 128L << 20;

  private static final int LEAST_PER_PARTITION = 2;

  /** One is computed, one waits for the device, and two have their outcomes on the way. */
  private static final int BATCHES_UNDER_WAY = 4;

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration LONGEST_POLL = Duration.ofMillis(50);
  private static final Duration FOREVER = Duration.ofDays(1);

  private final Closer closer = new Closer();
  private final List<byte[]> samples;
  private final Topic<String, byte[]> topic;
  private final Publisher<byte[]> images;
  private final KafkaConsumer<byte[], byte[]> outcomes;
  private final int partitions;
  private final int perPartition;

  /** The time at which a picture was published or due, and its partition. */
  private record Published(long nanos, int partition) {}

  /** Makes image ids that are new. */
  private static final class Ids {

    private final String prefix = UUID.randomUUID() + "/";
    private long next;

    String any() {
      return prefix + next++;
    }

    /** An id that Kafka's default partitioner puts into this one of the partitions. */
    String in(int partition, int partitions) {
      String id = any();
      while (Homes.of(id.getBytes(UTF_8), partitions) != partition) {
        id = any();
      }
      return id;
    }
  }

  /** The result of a load: pictures a second, and latencies in microseconds. */
  public record Outcome(double rate, Histogram latency) {}

  public BenchLoad(AfinaConfig config, List<byte[]> samples) {
    this.samples = samples;
    Topics topics = config.topics();
    topic = topics.images();
    try {
      images = closer.own(Publisher.open(config, topic));
      partitions = images.partitions(topic);
      perPartition = perPartition(samples, partitions, config.classifier().batchSize());
      outcomes = closer.own(TopicTail.open(config, topics.predictions(), topics.deadLetters()));
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  /**
   * As fast as outcomes come, with the same number under way in every partition: else chance would
   * give all of them to one thread while the others wait. What comes before the warm-up is over and
   * after the time is not counted, so that neither the filling nor the draining of the queue shows.
   *
   * @param edge called when the counting begins and when it ends
   */
  public Outcome full(Duration warmUp, Duration time, Runnable edge) {
    return new Load(Long.MAX_VALUE, 0, warmUp, time, edge).run();
  }

  /** Publishes a number of pictures, as fast as outcomes come. */
  public Outcome full(long count) {
    return new Load(count, 0, Duration.ZERO, FOREVER, () -> {}).run();
  }

  /**
   * For a time at a rate, in pictures a second. Latency counts from the moment that a picture was
   * due, so that a pause of the classifier shows in every picture that it holds up.
   */
  public Outcome paced(double rate, Duration warmUp, Duration time) {
    return new Load(Long.MAX_VALUE, rate, warmUp, time, () -> {}).run();
  }

  private static int perPartition(List<byte[]> samples, int partitions, int batchSize) {
    double bytes = samples.stream().mapToInt(sample -> sample.length).average().orElse(1);
    long fitting = (long) (BYTES_UNDER_WAY / bytes / partitions);
    int batches = BATCHES_UNDER_WAY * batchSize / partitions;
    return (int)
        Math.max(
            LEAST_PER_PARTITION, Math.min(Math.max(UNDER_WAY_PER_PARTITION, batches), fitting));
  }

  /** The number of pictures under way at full load. */
  int mostUnderWay() {
    return partitions * perPartition;
  }

  @Override
  public void close() {
    closer.close();
  }

  /** Runs one load, until every picture that was published has its outcome. */
  private final class Load {

    private final Histogram latency = new Histogram(TimeUnit.MINUTES.toMicros(10), 3);
    private final Map<String, Published> underWay = new HashMap<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private final Ids ids = new Ids();
    private final long start = System.nanoTime();
    private final long count;
    private final double rate;
    private final Runnable edge;
    private final long from;
    private final long end;
    private long sent;
    private long progress = start;
    private long edges;

    Load(long count, double rate, Duration warmUp, Duration time, Runnable edge) {
      this.count = count;
      this.rate = rate;
      this.edge = edge;
      this.from = start + warmUp.toNanos();
      this.end = from + time.toNanos();
      for (int i = 0; i < mostUnderWay(); i++) {
        free.add(i % partitions);
      }
    }

    Outcome run() {
      while (more(System.nanoTime()) || !underWay.isEmpty()) {
        publish();
        take();
        watchEdges();
        requireProgress();
      }
      return new Outcome(
          latency.getTotalCount() / ((Math.min(progress, end) - from) / 1e9), latency);
    }

    private boolean more(long now) {
      return sent < count && now < end;
    }

    private void watchEdges() {
      long now = System.nanoTime();
      if ((edges == 0 && now >= from) || (edges == 1 && now >= end)) {
        edges++;
        edge.run();
      }
    }

    private void publish() {
      long now = System.nanoTime();
      while (more(now) && !free.isEmpty() && when(sent) <= now) {
        int partition = free.remove();
        String id = rate > 0 ? ids.any() : ids.in(partition, partitions);
        underWay.put(id, new Published(rate > 0 ? when(sent) : now, partition));
        byte[] picture = samples.get((int) (sent % samples.size()));
        images.send(new ProducerRecord<>(topic.name(), id, picture));
        sent++;
      }
    }

    private void take() {
      for (ConsumerRecord<byte[], byte[]> outcome : outcomes.poll(untilNext())) {
        Published published = underWay.remove(new String(outcome.key(), UTF_8));
        if (published != null) {
          progress = System.nanoTime();
          free.add(published.partition());
          if (progress >= from && progress < end) {
            latency.recordValue(TimeUnit.NANOSECONDS.toMicros(progress - published.nanos()));
          }
        }
      }
    }

    /** Nothing is to be done before: a reader that asks without a pause would take a core. */
    private Duration untilNext() {
      if (rate == 0) {
        return LONGEST_POLL;
      }
      long nanos = Math.max(0, when(sent) - System.nanoTime());
      return Duration.ofNanos(Math.min(nanos, LONGEST_POLL.toNanos()));
    }

    private long when(long index) {
      return rate > 0 ? start + (long) (index / rate * 1e9) : start;
    }

    private void requireProgress() {
      if (System.nanoTime() - progress > PATIENCE.toNanos()) {
        throw new AfinaException(
            ExitCode.FAILURE,
            "%d pictures have no outcome after %s".formatted(underWay.size(), PATIENCE));
      }
    }
  }
}
