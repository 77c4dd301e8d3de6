package io.afina.trainer;

import io.afina.config.AfinaConfig;
import io.afina.event.Topics;
import io.afina.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Elects the leader of the trainers: the member of the consumer group to which Kafka assigns the
 * one partition of {@code models}. Nothing is read here; a stale leader is fenced by its
 * transactional id. For one thread.
 */
final class Leadership implements AutoCloseable, ConsumerRebalanceListener {

  private final KafkaConsumer<byte[], byte[]> consumer;
  private boolean leading;

  Leadership(AfinaConfig config) {
    consumer =
        new KafkaSettings(config)
            .recommend(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6000)
            .recommend(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1500)
            .require(ConsumerConfig.GROUP_ID_CONFIG, config.trainer().group())
            .require(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false)
            .require(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest")
            .consumer();
    consumer.subscribe(List.of(Topics.MODELS.name()), this);
  }

  /** Polls, to stay in the group, and says whether this trainer leads now. */
  boolean leads() {
    consumer.poll(Duration.ZERO);
    return leading;
  }

  /** Leaves the group and joins it again, after another trainer turned out to lead. */
  void stepDown() {
    consumer.unsubscribe();
    leading = false;
    consumer.subscribe(List.of(Topics.MODELS.name()), this);
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
    consumer.pause(assigned);
    leading |= !assigned.isEmpty();
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    leading &= revoked.isEmpty();
  }

  /** Leaves the group, so that another trainer leads at once. */
  @Override
  public void close() {
    consumer.close();
  }
}
