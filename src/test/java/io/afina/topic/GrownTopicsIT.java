package io.afina.topic;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.afina.backbone.PictureEmbedder;
import io.afina.broker.TestBroker;
import io.afina.classifier.ClassifierRunner;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Correction;
import io.afina.event.Embedding;
import io.afina.event.Topic;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.TrustedKeys;
import io.afina.replay.TopicTail;
import io.afina.topic.TopicChange.Refused;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More partitions for more classifiers: what is in the way is said, and the way on works. */
class GrownTopicsIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int PICTURES = 8;

  private final Closer closer = new Closer();
  private final List<String> predicted = new ArrayList<>();
  @TempDir Path folder;
  private TestBroker broker;
  private Admin admin;
  private TopicAdmin topics;
  private AfinaConfig config;
  private KafkaConsumer<byte[], byte[]> outcomes;
  private int examples;

  @BeforeEach
  void start() {
    broker = closer.own(TestBroker.startFresh());
    config = config(broker, "before");
    admin = closer.own(Admin.create(Map.copyOf(config.kafka())));
    topics = closer.own(TopicAdmin.connect(config));
    topics.apply(topics.plan(request(2, Set.of())));
    outcomes = closer.own(TopicTail.open(config, TOPICS.predictions(), TOPICS.training()));
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldSayWhatIsInTheWayAndGoOnAsItSays() throws Exception {
    // given
    try (ClassifierRunner before = runner(config)) {
      publishAndCorrect("before-", before);

      // when
      grow(4);

      // then the classifier ends with a sentence
      await("the classifier ends").atMost(PATIENCE).until(before.ended()::isDone);
      assertThatThrownBy(before.ended()::join)
          .cause()
          .isInstanceOfSatisfying(
              AfinaException.class, why -> assertThat(why.exitCode()).isEqualTo(ExitCode.TOPICS))
          .hasMessageContainingAll("changelogs", "--prune afina-classifier-");
    }

    // and: topics verify says so too, and no other topic is wrong
    Set<String> refused = refused(topics.plan(request(null, Set.of())));
    assertThat(refused)
        .isEqualTo(
            Stream.of("embeddings", "joined", "labelled", "waiting")
                .map("afina-classifier-%s-changelog"::formatted)
                .collect(Collectors.toSet()));

    // when it is done, once the group has forgotten the classifier
    await("they can be deleted")
        .atMost(PATIENCE)
        .until(() -> refused(topics.plan(request(null, refused))).isEmpty());
    topics.apply(topics.plan(request(null, refused)));
    try (ClassifierRunner after = runner(config(broker, "after"))) {
      publishAndCorrect("after-", after);
      assertThat(predicted).hasSize(2 * PICTURES).doesNotHaveDuplicates();
      assertThat(after.ended()).isNotDone();
    }
    assertThat(topics.plan(request(null, Set.of())).changes()).isEmpty();
  }

  private void publishAndCorrect(String prefix, ClassifierRunner runner) {
    int wanted = predicted.size() + PICTURES;
    int learned = examples + PICTURES;
    send(TOPICS.images(), prefix, i -> "a picture".getBytes(StandardCharsets.UTF_8));
    send(TOPICS.corrections(), prefix, i -> new Correction("ant", null, null, null));
    await("each is predicted and joined")
        .atMost(PATIENCE)
        .until(
            () -> {
              read();
              return runner.ended().isDone() || (predicted.size() >= wanted && examples >= learned);
            });
  }

  private void read() {
    outcomes
        .poll(Duration.ofMillis(100))
        .forEach(
            record -> {
              if (record.topic().equals(TOPICS.predictions().name())) {
                predicted.add(new String(record.key(), StandardCharsets.UTF_8));
              } else {
                examples++;
              }
            });
  }

  private <V> void send(Topic<String, V> topic, String prefix, Function<Integer, V> value) {
    try (Publisher<V> publisher = Publisher.open(config, topic)) {
      for (int i = 0; i < PICTURES; i++) {
        publisher.send(new ProducerRecord<>(topic.name(), prefix + i, value.apply(i)));
      }
      publisher.flush();
    }
  }

  /** As an operator does it, with Kafka's own tools. */
  private void grow(int partitions) throws Exception {
    admin
        .createPartitions(
            Stream.of(
                    TOPICS.images(),
                    TOPICS.corrections(),
                    TOPICS.strays(),
                    TOPICS.review(),
                    TOPICS.predictions())
                .collect(
                    Collectors.toMap(Topic::name, topic -> NewPartitions.increaseTo(partitions))))
        .all()
        .get();
    outcomes.close();
    outcomes = closer.own(TopicTail.open(config, TOPICS.predictions(), TOPICS.training()));
  }

  private static Set<String> refused(TopicPlan plan) {
    return plan.of(Refused.class).stream().map(Refused::topic).collect(Collectors.toSet());
  }

  private PlanRequest request(@Nullable Integer partitions, Set<String> prune) {
    return new PlanRequest(partitions, config.classifier().applicationId(), prune);
  }

  private static ClassifierRunner runner(AfinaConfig config) {
    HeadSlot heads = new HeadSlot(Heads.BACKBONE, 3, TrustedKeys.anybody());
    PictureEmbedder embedder =
        (picture, contentType) ->
            new PictureEmbedder.Embedded(
                new Embedding(Heads.BACKBONE, new float[] {1, 2, 3}), 0, 0);
    return new ClassifierRunner(config, embedder, heads, new SimpleMeterRegistry(), Traces.off());
  }

  private AfinaConfig config(TestBroker broker, String state) {
    return ConfigLoader.defaults()
        .set("kafka.bootstrap.servers", broker.bootstrapServers())
        .set("kafka.metadata.max.age.ms", 1000)
        .set("classifier.threads", 1)
        .set("classifier.stateDir", folder.resolve(state))
        .load();
  }
}
