package io.afina.keeper;

import io.afina.config.AfinaConfig;
import io.afina.kafka.KafkaSettings;
import io.afina.keeper.Work.Outcome;
import io.afina.lifecycle.Worker;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does some work for each record of a topic, one after the other in a thread of its own, which it
 * shares with the group's other members. A record counts as done once what followed from it has
 * arrived; whatever fails is logged and done again after a pause. It never ends by itself.
 */
final class GroupWorker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GroupWorker.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  private static final int RECORDS = 20;

  /** Of a record that does not have to be fetched; its pace is one a second at least. */
  private static final Duration LONGEST = Duration.ofSeconds(15);

  private static final int MOST_HELD = 100_000;
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final int MOST_ATTEMPTS = 60;

  private final AfinaConfig config;
  private final String name;
  private final String group;
  private final String topic;
  private final Work work;
  private final Pace pace;
  private final KeptPictureMeters meters;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
  private final Worker worker;
  private volatile Consumer<String, byte[]> consumer;

  private int held;
  private int attempts;

  /** What is done of partitions that another member has now is that one's to say. */
  private final class Forgetting implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      forget(partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      forget(partitions);
    }

    private void forget(Collection<TopicPartition> partitions) {
      done.keySet().removeAll(partitions);
      committed.keySet().removeAll(partitions);
    }
  }

  /**
   * Starts it.
   *
   * @param name of the work, in logs and meters
   * @param group of consumers that share it
   * @param work owned from here on
   */
  GroupWorker(
      AfinaConfig config,
      String name,
      String group,
      String topic,
      Work work,
      Pace pace,
      KeptPictureMeters meters) {
    this.config = config;
    this.name = name;
    this.group = group;
    this.topic = topic;
    this.work = work;
    this.pace = pace;
    this.meters = meters;
    this.consumer = openOrClose();
    this.worker = new Worker("afina-" + name, this::run, this::stop);
  }

  private Consumer<String, byte[]> openOrClose() {
    try {
      return open();
    } catch (RuntimeException e) {
      work.close();
      throw e;
    }
  }

  @Override
  public void close() {
    worker.close();
    consumer.close();
    work.close();
    meters.waiting(name, 0);
  }

  private void stop() {
    stopped.countDown();
    consumer.wakeup();
  }

  private Consumer<String, byte[]> open() {
    Consumer<String, byte[]> opened =
        new KafkaConsumer<>(
            KafkaSettings.reader(config)
                .member(config.classifier(), UnaryOperator.identity())
                .require(ConsumerConfig.GROUP_ID_CONFIG, group)
                .require(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest")
                .require(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS)
                .require(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, pollBoundMillis())
                .toMap(),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    opened.subscribe(List.of(topic), new Forgetting());
    return opened;
  }

  /** A process that dies is noticed by its heartbeat. */
  private int pollBoundMillis() {
    return (int) LONGEST.plus(config.pictures().fetchTime()).multipliedBy(RECORDS).toMillis();
  }

  private void run() {
    while (stopped.getCount() > 0) {
      try (HomeSender home = new HomeSender(config)) {
        while (stopped.getCount() > 0) {
          round(home);
        }
      } catch (WakeupException e) {
        LOG.atDebug().addKeyValue("work", name).log("woken up to end");
      } catch (RuntimeException e) {
        failed(e);
      }
    }
  }

  /** Whatever was not committed comes again, to a consumer that remembers nothing. */
  private void failed(RuntimeException e) {
    if (stopped.getCount() > 0) {
      LOG.atWarn().addKeyValue("work", name).setCause(e).log("work on kept pictures failed: again");
      meters.became(name, "failed");
      done.clear();
      committed.clear();
      held = 0;
      await(PAUSE);
      consumer.close();
      consumer = open();
    }
  }

  private void round(HomeSender home) {
    ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
    if (takeAll(records, home)) {
      consumer.assignment().forEach(this::reached);
    }
    if (held > 0 && (records.isEmpty() || held > MOST_HELD) && work.release(home::send)) {
      held = 0;
    }
    home.flush();
    if (held == 0 && !done.isEmpty()) {
      commit();
    }
    meters.waiting(name, waiting());
  }

  private boolean takeAll(ConsumerRecords<String, byte[]> records, HomeSender home) {
    for (ConsumerRecord<String, byte[]> record : records) {
      if (stopped.getCount() == 0 || !take(record, home)) {
        return false;
      }
    }
    return true;
  }

  /** Behind the last record there may be the marker of its transaction, which nobody is given. */
  private void reached(TopicPartition partition) {
    OffsetAndMetadata next = new OffsetAndMetadata(consumer.position(partition));
    if (!next.equals(committed.get(partition))) {
      done.put(partition, next);
    }
  }

  private void commit() {
    try {
      consumer.commitSync(done);
      committed.putAll(done);
      done.clear();
    } catch (RebalanceInProgressException | CommitFailedException e) {
      // The next poll says which partitions are others' now; they do some of it once more.
      LOG.atDebug().addKeyValue("work", name).setCause(e).log("not committed");
    }
  }

  /** Whether the next record's turn has come. */
  private boolean take(ConsumerRecord<String, byte[]> record, HomeSender home) {
    Outcome outcome = work.take(record, home::send);
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    if (outcome == Outcome.LATER && ++attempts < MOST_ATTEMPTS) {
      consumer.assignment().forEach(this::rewind);
      consumer.seek(partition, record.offset());
      await(PAUSE);
      return false;
    }
    attempts = 0;
    held += outcome == Outcome.HELD ? 1 : 0;
    meters.became(name, outcome.text());
    done.put(partition, new OffsetAndMetadata(record.offset() + 1));
    if (outcome == Outcome.SENT) {
      await(pace.next());
    }
    return true;
  }

  /** To behind what is done of a partition, since the rest of a poll is given up. */
  private void rewind(TopicPartition partition) {
    OffsetAndMetadata next = done.get(partition);
    if (next == null) {
      next = consumer.committed(Set.of(partition)).get(partition);
    }
    if (next == null) {
      consumer.seekToBeginning(List.of(partition));
    } else {
      consumer.seek(partition, next);
    }
  }

  private long waiting() {
    return consumer.assignment().stream()
        .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
        .sum();
  }

  private void await(Duration time) {
    try {
      var unused = stopped.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped.countDown();
    }
  }
}
