package io.afina.walk;

import static io.afina.DefaultTopics.TOPICS;

import io.afina.config.AfinaConfig;
import io.afina.event.Topic;
import io.afina.event.TrainingExample;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.TopicFollower;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Looks at what is kept of labelled images. */
public record KeptTopics(AfinaConfig config) {

  /** All examples as they are now, by image id. */
  public Map<String, TrainingExample> examples() {
    return all(TOPICS.training());
  }

  /** How many pictures are kept. */
  public int kept() {
    return all(TOPICS.pictures()).size();
  }

  private <V> Map<String, V> all(Topic<String, V> topic) {
    Map<String, V> newest = new HashMap<>();
    KafkaConsumer<String, V> consumer =
        new KafkaConsumer<>(
            KafkaSettings.reader(config).toMap(),
            topic.keys().deserializer(),
            topic.values().deserializer());
    try (TopicFollower<String, V> follower =
        TopicFollower.fromBeginning(
            consumer,
            topic.name(),
            record -> {
              if (record.value() == null) {
                newest.remove(record.key());
              } else {
                newest.put(record.key(), record.value());
              }
            })) {
      follower.readToEnd();
    }
    return newest;
  }

  /** Deletes what is on {@code images}, as if {@code retention.ms} had passed. */
  public void forgetImages() throws Exception {
    String images = TOPICS.images().name();
    try (Admin admin = Admin.create(Map.copyOf(config.kafka()))) {
      Map<TopicPartition, OffsetSpec> latest =
          admin
              .describeTopics(List.of(images))
              .allTopicNames()
              .get()
              .get(images)
              .partitions()
              .stream()
              .collect(
                  Collectors.toMap(
                      partition -> new TopicPartition(images, partition.partition()),
                      partition -> OffsetSpec.latest()));
      Map<TopicPartition, RecordsToDelete> old =
          admin.listOffsets(latest).all().get().entrySet().stream()
              .collect(
                  Collectors.toMap(
                      Map.Entry::getKey,
                      at -> RecordsToDelete.beforeOffset(at.getValue().offset())));
      admin.deleteRecords(old).all().get();
    }
  }
}
