package io.afina.replay;

import io.afina.config.AfinaConfig;
import io.afina.event.Topic;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.TopicFollower;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads topics from their end on. */
public final class TopicTail {

  private TopicTail() {}

  /** Opens a consumer at the end of some topics, which sees only what comes from now on. */
  public static KafkaConsumer<byte[], byte[]> open(AfinaConfig config, Topic<?, ?>... topics) {
    KafkaConsumer<byte[], byte[]> consumer = KafkaSettings.reader(config).consumer();
    TopicFollower.setUp(
        consumer,
        () -> {
          List<TopicPartition> partitions =
              TopicFollower.partitions(
                  consumer, Stream.of(topics).map(Topic::name).toArray(String[]::new));
          consumer.assign(partitions);
          consumer.seekToEnd(partitions);
          partitions.forEach(consumer::position);
        });
    return consumer;
  }
}
