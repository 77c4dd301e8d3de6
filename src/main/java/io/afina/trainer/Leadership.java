package io.afina.trainer;

import io.afina.config.AfinaConfig;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.TopicFollower;
import io.afina.kafka.TopicFollower.State;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Elects the leader of the trainers: the member of the consumer group to which Kafka assigns the
 * one partition of {@code models}. Nothing is read here; a stale leader is fenced by its
 * transactional id. It polls in a thread of its own, because a training may take longer than {@code
 * max.poll.interval.ms}, after which the group would elect another. Safe for any thread.
 */
final class Leadership implements AutoCloseable, ConsumerRebalanceListener {

  private static final Duration POLL = Duration.ofMillis(50);

  private final String topic;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicFollower<byte[], byte[]> follower;
  private final AtomicBoolean stepsDown = new AtomicBoolean();
  private volatile boolean leading;

  Leadership(AfinaConfig config) {
    topic = config.topics().models().name();
    consumer =
        new KafkaSettings(config)
            .recommend(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6000)
            .recommend(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1500)
            // Who joins must not take the lead from somebody who is training.
            .recommend(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName())
            .require(ConsumerConfig.GROUP_ID_CONFIG, config.trainer().group())
            .require(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false)
            .require(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest")
            .consumer();
    TopicFollower.setUp(consumer, this::subscribe);
    follower = new TopicFollower<>(consumer, record -> {});
  }

  /** Stands for election from here on. */
  void stand() {
    follower.follow("afina-trainer-leadership", POLL, records -> round());
  }

  /**
   * Whether this trainer leads now.
   *
   * @throws IllegalStateException when it can stand for election no longer
   */
  boolean leads() {
    if (follower.state() instanceof State.Failed failed) {
      throw new IllegalStateException(
          "cannot stand for election: " + failed.cause().getMessage(), failed.cause());
    }
    return !stepsDown.get() && leading;
  }

  /** Leaves the group and joins it again, after another trainer turned out to lead. */
  void stepDown() {
    stepsDown.set(true);
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
    consumer.pause(assigned);
    if (!assigned.isEmpty()) {
      leading = true;
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    if (!revoked.isEmpty()) {
      leading = false;
    }
  }

  /** Leaves the group, so that another trainer leads at once. */
  @Override
  public void close() {
    follower.close();
  }

  private void round() {
    if (stepsDown.get()) {
      consumer.unsubscribe();
      leading = false;
      subscribe();
      stepsDown.set(false);
    }
  }

  private void subscribe() {
    consumer.subscribe(List.of(topic), this);
  }
}
