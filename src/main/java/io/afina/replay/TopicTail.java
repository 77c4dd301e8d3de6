package io.afina.replay;

import io.afina.config.AfinaConfig;
import io.afina.event.Topic;
import io.afina.kafka.KafkaSettings;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;

/** Reads topics from their end on. */
public final class TopicTail {

  private TopicTail() {}

  /** Opens a consumer at the end of some topics, which sees only what comes from now on. */
  public static KafkaConsumer<byte[], byte[]> open(AfinaConfig config, Topic<?, ?>... topics) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            new KafkaSettings(config)
                .require(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .require(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false)
                .toMap(),
            Serdes.ByteArray().deserializer(),
            Serdes.ByteArray().deserializer());
    List<TopicPartition> partitions =
        List.of(topics).stream()
            .flatMap(topic -> consumer.partitionsFor(topic.name()).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    return consumer;
  }
}
