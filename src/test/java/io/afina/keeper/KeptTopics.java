package io.afina.keeper;

import static io.afina.DefaultTopics.TOPICS;
import static org.awaitility.Awaitility.await;

import io.afina.config.AfinaConfig;
import io.afina.event.Correction;
import io.afina.event.Topic;
import io.afina.event.TrainingExample;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.Publisher;
import io.afina.kafka.TopicFollower;
import io.afina.replay.LabelledPicture;
import io.afina.topic.ReadyTopics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What a test of kept pictures writes to topics and reads of them. */
record KeptTopics(AfinaConfig config) {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  void publish(List<LabelledPicture> pictures) {
    try (Publisher<byte[]> images = Publisher.open(config, TOPICS.images())) {
      for (LabelledPicture picture : pictures) {
        images.send(
            new ProducerRecord<>(TOPICS.images().name(), picture.id(), picture.bytes().get()));
      }
      images.flush();
    }
  }

  /** An image event that says where its picture is. */
  void refer(String id, String uri) {
    try (Publisher<byte[]> images = Publisher.open(config, TOPICS.images())) {
      ProducerRecord<String, byte[]> event =
          new ProducerRecord<>(TOPICS.images().name(), id, uri.getBytes(StandardCharsets.UTF_8));
      event.headers().add("content-type", "text/uri-list".getBytes(StandardCharsets.UTF_8));
      images.send(event);
      images.flush();
    }
  }

  void correct(Iterable<String> ids, @Nullable String label) {
    try (Publisher<Correction> said = Publisher.open(config, TOPICS.corrections())) {
      for (String id : ids) {
        said.send(
            new ProducerRecord<>(
                TOPICS.corrections().name(),
                id,
                label == null ? null : new Correction(label, "mia", null, null)));
      }
      said.flush();
    }
  }

  void write(Map<String, TrainingExample> examples) {
    try (Publisher<TrainingExample> training = Publisher.open(config, TOPICS.training())) {
      examples.forEach(
          (id, example) ->
              training.send(new ProducerRecord<>(TOPICS.training().name(), id, example)));
      training.flush();
    }
  }

  /** Every record that there ever was, but for those that were compacted or deleted. */
  List<ConsumerRecord<byte[], byte[]>> all(Topic<String, ?> topic) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (var follower =
        TopicFollower.fromBeginning(
            KafkaSettings.reader(config).consumer(), topic.name(), all::add)) {
      follower.readToEnd();
    }
    return all;
  }

  /** The pictures that were ever kept, by image id; null for those that were removed. */
  Map<String, List<byte[]>> pictures() {
    Map<String, List<byte[]>> kept = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : all(TOPICS.pictures())) {
      kept.computeIfAbsent(key(record), id -> new ArrayList<>()).add(record.value());
    }
    return kept;
  }

  /** The last example of each image that has one. */
  Map<String, TrainingExample> examples() {
    Map<String, TrainingExample> last = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : all(TOPICS.training())) {
      if (record.value() == null) {
        last.remove(key(record));
      } else {
        last.put(
            key(record), TOPICS.training().values().deserializer().deserialize("", record.value()));
      }
    }
    return last;
  }

  void awaitPictures(String what, Predicate<Map<String, List<byte[]>>> enough) {
    await(what).atMost(PATIENCE).until(this::pictures, enough);
  }

  void awaitExamples(String what, Predicate<Map<String, TrainingExample>> enough) {
    await(what).atMost(PATIENCE).until(this::examples, enough);
  }

  void awaitPredictions(int count) {
    await("predictions").atMost(PATIENCE).until(() -> all(TOPICS.predictions()).size() >= count);
  }

  /** Until so many records had this outcome. */
  void awaitCount(MeterRegistry meters, String work, String outcome, int count) {
    await(outcome)
        .atMost(PATIENCE)
        .until(
            () ->
                meters
                        .find("afina.kept.pictures")
                        .tags("work", work, "outcome", outcome)
                        .counters()
                        .stream()
                        .mapToDouble(Counter::count)
                        .sum()
                    >= count);
  }

  /** Until the group of keepers has done all examples, and strays have come home. */
  void awaitCommitted() {
    String application = config.classifier().applicationId();
    try (Admin admin = Admin.create(Map.copyOf(config.kafka()))) {
      for (var each :
          Map.of(application + "-keeper", TOPICS.training(), application, TOPICS.strays())
              .entrySet()) {
        await(each.getKey())
            .atMost(PATIENCE)
            .until(() -> left(admin, each.getKey(), each.getValue()) == 0);
      }
    }
  }

  /** Until a group begins anew with the first records. */
  void awaitRewound(String group) {
    try (Admin admin = Admin.create(Map.copyOf(config.kafka()))) {
      await(group)
          .atMost(PATIENCE)
          .until(
              () ->
                  admin
                      .listConsumerGroupOffsets(group)
                      .partitionsToOffsetAndMetadata()
                      .get()
                      .values()
                      .stream()
                      .allMatch(next -> next.offset() == 0));
    }
  }

  private long left(Admin admin, String group, Topic<String, ?> topic)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> done =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    long left = 0;
    for (ConsumerRecord<byte[], byte[]> record : all(topic)) {
      OffsetAndMetadata next = done.get(new TopicPartition(topic.name(), record.partition()));
      left += next == null || next.offset() <= record.offset() ? 1 : 0;
    }
    return left;
  }

  /** As if the time of the records were over. */
  void deleteAllOf(Topic<String, ?> topic) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.copyOf(config.kafka()))) {
      Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
      int partitions =
          Objects.requireNonNull(
                  admin
                      .describeTopics(List.of(topic.name()))
                      .allTopicNames()
                      .get()
                      .get(topic.name()))
              .partitions()
              .size();
      for (int i = 0; i < partitions; i++) {
        ends.put(new TopicPartition(topic.name(), i), OffsetSpec.latest());
      }
      Map<TopicPartition, RecordsToDelete> deleted = new HashMap<>();
      admin
          .listOffsets(ends)
          .all()
          .get()
          .forEach((p, end) -> deleted.put(p, RecordsToDelete.beforeOffset(end.offset())));
      admin.deleteRecords(deleted).all().get();
    }
  }

  /** Without anything on it; compacted topics give up nothing else. */
  void makeAnew(Topic<String, ?> topic) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.copyOf(config.kafka()))) {
      admin.deleteTopics(List.of(topic.name())).all().get();
      await("deleted")
          .atMost(PATIENCE)
          .until(() -> !admin.listTopics().names().get().contains(topic.name()));
    }
    ReadyTopics.apply(config);
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }
}
