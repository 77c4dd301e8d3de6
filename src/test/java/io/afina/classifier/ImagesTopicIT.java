package io.afina.classifier;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.afina.backbone.PictureEmbedder;
import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Correction;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.AfinaException;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.TrustedKeys;
import io.afina.replay.TopicTail;
import io.afina.topic.PlanRequest;
import io.afina.topic.TopicAdmin;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may become of the images' topic while classifiers are slow, or away. */
class ImagesTopicIT {

  private static final int PICTURES = 16;
  private static final Duration EACH = Duration.ofMillis(900);
  private static final Duration TRANSACTION = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path folder;

  private final AtomicInteger embedded = new AtomicInteger();
  private final List<String> predicted = new ArrayList<>();

  @Test
  @Tag("nightly")
  void shouldPredictEachOnceThoughTogetherTheyTakeLongerThanATransactionMay() {
    try (TestBroker broker = TestBroker.startFresh()) {
      // given
      AfinaConfig config = config(broker);
      try (TopicAdmin topics = TopicAdmin.connect(config)) {
        topics.apply(
            topics.plan(new PlanRequest(1, config.classifier().applicationId(), Set.of())));
      }

      // when
      try (KafkaConsumer<byte[], byte[]> predictions =
              TopicTail.open(config, TOPICS.predictions());
          ClassifierRunner runner = runner(config, EACH)) {
        publish(config, "picture-", PICTURES);
        awaitPredictions(predictions, runner, PICTURES);
      }

      // then
      assertThat(predicted).hasSize(PICTURES).doesNotHaveDuplicates();
      assertThat(embedded).hasValue(PICTURES);
    }
  }

  @Test
  void shouldPredictAllOfATopicThatWasMadeAnewWhileNobodyClassified() throws Exception {
    try (TestBroker broker = TestBroker.startFresh();
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      // given
      AfinaConfig config = config(broker);
      try (KafkaConsumer<byte[], byte[]> predictions =
          TopicTail.open(config, TOPICS.predictions())) {
        try (ClassifierRunner runner = runner(config, Duration.ZERO)) {
          publish(config, "before-", PICTURES);
          awaitPredictions(predictions, runner, PICTURES);
        }

        // when
        makeImagesAnew(admin, config);
        publish(config, "after-", 2 * PICTURES);
        try (ClassifierRunner runner = runner(config, Duration.ZERO)) {
          awaitPredictions(predictions, runner, 3 * PICTURES);
        }
      }

      // then
      assertThat(predicted).hasSize(3 * PICTURES).doesNotHaveDuplicates();
    }
  }

  @Test
  void shouldCommitNothingWhileThereIsNothingToDo() throws Exception {
    try (TestBroker broker = TestBroker.startFresh();
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      // given a classifier that has worked, and a correction that waits for its image
      AfinaConfig config = config(broker);
      try (KafkaConsumer<byte[], byte[]> predictions =
              TopicTail.open(config, TOPICS.predictions());
          Publisher<Correction> corrections = Publisher.open(config, TOPICS.corrections());
          ClassifierRunner runner = runner(config, Duration.ZERO)) {
        publish(config, "picture-", PICTURES);
        corrections.send(
            new ProducerRecord<>(
                TOPICS.corrections().name(),
                "early",
                new Correction("ant", null, null, null, null)));
        awaitPredictions(predictions, runner, PICTURES);

        // when it idles for far longer than between two commits of a busy one
        AtomicLong seen = new AtomicLong();
        Duration idle = config.classifier().busyCommitInterval().multipliedBy(8);

        // then
        await("nothing is committed")
            .atMost(idle.multipliedBy(10))
            .during(idle)
            .pollInterval(idle.dividedBy(4))
            .until(
                () -> {
                  long commits = commits(admin);
                  return seen.getAndSet(commits) == commits;
                });
        assertThat(runner.ended()).isNotDone();
      }
    }
  }

  /** Records of committed offsets and of transactions' states, of all groups and producers. */
  private static long commits(Admin admin) throws Exception {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    admin
        .describeTopics(List.of("__consumer_offsets", "__transaction_state"))
        .allTopicNames()
        .get()
        .forEach(
            (topic, description) ->
                description
                    .partitions()
                    .forEach(
                        partition ->
                            ends.put(
                                new TopicPartition(topic, partition.partition()),
                                OffsetSpec.latest())));
    return admin.listOffsets(ends).all().get().values().stream()
        .mapToLong(ListOffsetsResultInfo::offset)
        .sum();
  }

  @Test
  @Tag("nightly")
  void shouldEndWhenTheTopicIsMadeAnewUnderItSoThatTheNextPredictsAll() throws Exception {
    try (TestBroker broker = TestBroker.startFresh();
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      // given
      AfinaConfig one = hanging(broker, "one");
      AfinaConfig two = hanging(broker, "two");
      applyTopics(one);
      try (KafkaConsumer<byte[], byte[]> predictions = TopicTail.open(one, TOPICS.predictions())) {
        try (ClassifierRunner first = runner(one, Duration.ZERO);
            ClassifierRunner second = runner(two, Duration.ZERO)) {
          publish(one, "before-", PICTURES);
          awaitPredictions(predictions, first, PICTURES);
          await("it is ready").atMost(PATIENCE).until(() -> second.missing().isEmpty());

          // when
          makeImagesAnew(admin, one);
          publish(one, "after-", 2 * PICTURES);

          // then
          await("both end")
              .atMost(PATIENCE)
              .until(() -> first.ended().isDone() && second.ended().isDone());
          assertThatThrownBy(() -> first.ended().join())
              .hasRootCauseInstanceOf(AfinaException.class)
              .hasMessageContaining("start it again");
        }
        try (ClassifierRunner next = runner(hanging(broker, "next"), Duration.ZERO)) {
          awaitPredictions(predictions, next, 3 * PICTURES);
        }
      }
      assertThat(predicted).hasSize(3 * PICTURES).doesNotHaveDuplicates();
    }
  }

  private static void makeImagesAnew(Admin admin, AfinaConfig config) throws Exception {
    admin.deleteTopics(List.of(TOPICS.images().name())).all().get();
    await("the broker forgets the topic")
        .until(() -> !admin.listTopics().names().get().contains(TOPICS.images().name()));
    applyTopics(config);
  }

  private AfinaConfig config(TestBroker broker) {
    AfinaConfig config = loader(broker).set("classifier.stateDir", folder.resolve("one")).load();
    applyTopics(config);
    return config;
  }

  /**
   * With a folder of its own, and little patience: threads that hang in a commit end with their
   * process, but here go on, and the group waits for them.
   */
  private AfinaConfig hanging(TestBroker broker, String name) {
    return loader(broker)
        .set("classifier.stateDir", folder.resolve(name))
        .set("classifier.drain", "2s")
        .set("kafka.producer.max.block.ms", 5_000)
        .set("kafka.max.poll.interval.ms", 15_000)
        .load();
  }

  private static ConfigLoader loader(TestBroker broker) {
    return ConfigLoader.defaults()
        .set("kafka.bootstrap.servers", broker.bootstrapServers())
        .set("kafka.transaction.timeout.ms", TRANSACTION.toMillis())
        .set("classifier.threads", 1);
  }

  private static void applyTopics(AfinaConfig config) {
    try (TopicAdmin topics = TopicAdmin.connect(config)) {
      topics.apply(topics.plan(new PlanRequest(1, config.classifier().applicationId(), Set.of())));
    }
  }

  private void awaitPredictions(
      KafkaConsumer<byte[], byte[]> predictions, ClassifierRunner runner, int count) {
    await("each has its prediction")
        .atMost(PATIENCE)
        .until(
            () -> {
              predictions
                  .poll(Duration.ofMillis(100))
                  .forEach(
                      record -> predicted.add(new String(record.key(), StandardCharsets.UTF_8)));
              return predicted.size() >= count || runner.ended().isDone();
            });
    assertThat(runner.ended()).isNotDone();
  }

  private ClassifierRunner runner(AfinaConfig config, Duration each) {
    HeadSlot heads = new HeadSlot(Heads.BACKBONE, 3, TrustedKeys.anybody());
    return new ClassifierRunner(config, slow(each), heads, new SimpleMeterRegistry(), Traces.off());
  }

  private PictureEmbedder slow(Duration each) {
    TextEmbedder fast = new TextEmbedder();
    return (picture, contentType) -> {
      try {
        assertThat(new CountDownLatch(1).await(each.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      embedded.incrementAndGet();
      return fast.embed(picture, contentType);
    };
  }

  private static void publish(AfinaConfig config, String prefix, int count) {
    try (Publisher<byte[]> images = Publisher.open(config, TOPICS.images())) {
      for (int i = 0; i < count; i++) {
        images.send(
            new ProducerRecord<>(
                TOPICS.images().name(), prefix + i, "1 2 3".getBytes(StandardCharsets.UTF_8)));
      }
      images.flush();
    }
  }
}
