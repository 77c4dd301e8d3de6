package io.afina.kafka;

import io.afina.lifecycle.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the partitions that its consumer is assigned to their end, then follows them: step by step
 * in the thread that calls {@link #poll}, or in a thread of its own after {@link #follow}, until it
 * is closed. Owns its consumer. Before {@link #follow} for one thread, afterwards only {@link
 * #state}, {@link #ended} and {@link #close} are for others.
 */
public final class TopicFollower<K, V> implements AutoCloseable {

  private static final Duration STEP = Duration.ofMillis(100);

  private final Consumer<K, V> consumer;
  private final java.util.function.Consumer<ConsumerRecord<K, V>> each;
  private final Optional<NewPartitions> growth;
  private volatile State state = new State.Reading();
  private volatile boolean closing;
  private @Nullable Worker worker;

  /** Where a follower stands; it leaves neither {@code Stopped} nor {@code Failed}. */
  public sealed interface State {

    /** What was there when it began has not all been read. */
    record Reading() implements State {}

    /** It takes what comes. */
    record Following() implements State {}

    /** It was closed. */
    record Stopped() implements State {}

    /** Its thread ended by an exception of the consumer or of whoever takes the records. */
    record Failed(Throwable cause) implements State {}
  }

  /**
   * A follower of what a consumer is assigned, or will be by its group.
   *
   * @param consumer assigned or subscribed; owned from here on
   * @param each told of every record
   */
  public TopicFollower(
      Consumer<K, V> consumer, java.util.function.Consumer<ConsumerRecord<K, V>> each) {
    this(consumer, each, Optional.empty());
  }

  private TopicFollower(
      Consumer<K, V> consumer,
      java.util.function.Consumer<ConsumerRecord<K, V>> each,
      Optional<NewPartitions> growth) {
    this.consumer = consumer;
    this.each = each;
    this.growth = growth;
  }

  /** A follower of all partitions of some topics, also of those that are added later. */
  public static <K, V> TopicFollower<K, V> ofAll(
      Consumer<K, V> consumer, java.util.function.Consumer<ConsumerRecord<K, V>> each) {
    return new TopicFollower<>(consumer, each, Optional.of(new NewPartitions(consumer)));
  }

  /** A follower of a whole topic, from its beginning, also of partitions that are added later. */
  public static <K, V> TopicFollower<K, V> fromBeginning(
      Consumer<K, V> consumer,
      String topic,
      java.util.function.Consumer<ConsumerRecord<K, V>> each) {
    setUp(
        consumer,
        () -> {
          List<TopicPartition> partitions = partitions(consumer, topic);
          consumer.assign(partitions);
          consumer.seekToBeginning(partitions);
        });
    return ofAll(consumer, each);
  }

  /** Sets up a consumer, and closes it if that fails, since nobody else has it yet. */
  public static void setUp(Consumer<?, ?> consumer, Runnable steps) {
    try {
      steps.run();
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /** The partitions of some topics. */
  public static List<TopicPartition> partitions(Consumer<?, ?> consumer, String... topics) {
    return Stream.of(topics)
        .flatMap(topic -> consumer.partitionsFor(topic).stream())
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  /** Reads all that is there now, however long it takes. */
  public void readToEnd() {
    readTo(consumer.endOffsets(consumer.assignment()), Duration.ofNanos(Long.MAX_VALUE));
    state = new State.Following();
  }

  /**
   * Reads until these offsets are the next.
   *
   * @throws TimeoutException when no record comes for so long
   */
  public void readTo(Map<TopicPartition, Long> ends, Duration patience) {
    long since = System.nanoTime();
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      if (poll(STEP) > 0) {
        since = System.nanoTime();
      } else if (System.nanoTime() - since > patience.toNanos()) {
        throw new TimeoutException(
            "cannot read to %s: Kafka gave nothing for %s".formatted(ends, patience));
      }
    }
  }

  /** Waits for records, passes them on and says how many came. */
  public int poll(Duration timeout) {
    growth.ifPresent(NewPartitions::look);
    ConsumerRecords<K, V> records = consumer.poll(timeout);
    records.forEach(each);
    return records.count();
  }

  /**
   * Follows in a thread from here on. What the consumer, {@code each} or {@code round} throws ends
   * it.
   *
   * @param thread its name
   * @param timeout how long a poll waits for records
   * @param round told after every poll how many records came, 0 when none did
   */
  public void follow(String thread, Duration timeout, IntConsumer round) {
    state = new State.Following();
    worker = new Worker(thread, () -> run(timeout, round), this::stop);
  }

  public State state() {
    return state;
  }

  /**
   * Completes when {@link #follow} ended, exceptionally when it failed. It is the same for all who
   * ask.
   */
  public CompletableFuture<Void> ended() {
    return Objects.requireNonNull(worker, "does not follow").ended();
  }

  /** Lets a poll under way return, waits for the thread and closes the consumer. */
  @Override
  public void close() {
    if (worker != null) {
      worker.close();
    }
    consumer.close();
    if (!(state instanceof State.Failed)) {
      state = new State.Stopped();
    }
  }

  private void stop() {
    closing = true;
    consumer.wakeup();
  }

  private void run(Duration timeout, IntConsumer round) {
    try {
      while (!closing) {
        round.accept(poll(timeout));
      }
    } catch (RuntimeException | Error e) {
      if (!(closing && e instanceof WakeupException)) {
        state = new State.Failed(e);
        throw e;
      }
    }
  }
}
