package io.afina.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that topics of which a consumer reads every partition have more of them now. The consumer
 * itself does so only where a group assigns them. For the consumer's thread.
 */
public final class NewPartitions {

  private static final Logger LOG = LoggerFactory.getLogger(NewPartitions.class);
  private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  private final Consumer<?, ?> consumer;
  private long lookedAt = System.nanoTime();

  /**
   * @param consumer is assigned all partitions of its topics
   */
  public NewPartitions(Consumer<?, ?> consumer) {
    this.consumer = consumer;
  }

  /**
   * Has the consumer read new partitions from their beginning. Costs nothing but a look at what the
   * consumer knows, which it asks the cluster every {@code metadata.max.age.ms}. Where it knows
   * nothing, as when all brokers are away and it begins anew, the next look may see more.
   */
  public void look() {
    long now = System.nanoTime();
    if (now - lookedAt < INTERVAL_NANOS) {
      return;
    }
    lookedAt = now;
    try {
      readNew();
    } catch (TimeoutException e) {
      LOG.atDebug().addKeyValue("why", e.getMessage()).log("partitions are not known now");
    }
  }

  private void readNew() {
    Set<TopicPartition> known = consumer.assignment();
    List<TopicPartition> fresh =
        known.stream()
            .map(TopicPartition::topic)
            .distinct()
            .flatMap(topic -> consumer.partitionsFor(topic, Duration.ZERO).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .filter(partition -> !known.contains(partition))
            .toList();
    if (!fresh.isEmpty()) {
      List<TopicPartition> all = new ArrayList<>(known);
      all.addAll(fresh);
      consumer.assign(all);
      consumer.seekToBeginning(fresh);
      LOG.atInfo().addKeyValue("partitions", fresh).log("topics have more partitions, reads them");
    }
  }
}
