package io.afina.classifier;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.afina.backbone.PictureEmbedder;
import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.TrustedKeys;
import io.afina.replay.TopicTail;
import io.afina.topic.ReadyTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a classifier that loses its place, or gets nowhere. */
class MembershipIT {

  private static final int PICTURES = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path folder;

  private final Set<String> predicted = new HashSet<>();
  private final CountDownLatch blocked = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);

  @Test
  void shouldGoOnWhenTheGroupKnowsAnEarlierMemberOfTheSameProcess() throws Exception {
    try (TestBroker broker = TestBroker.startFresh();
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      // given
      AfinaConfig config = config(broker, "one", "named");
      ReadyTopics.apply(config);
      try (KafkaConsumer<byte[], byte[]> predictions =
              TopicTail.open(config, TOPICS.predictions());
          ClassifierRunner runner = runner(config, new TextEmbedder())) {
        publish(config, "before-");
        awaitPredictions(predictions, runner, PICTURES);

        // when: the same client's member, as a broker that lost the last it knew has it
        MemberDescription member = members(admin, config).iterator().next();
        takePlace(config, member);
        publish(config, "after-");

        // then
        awaitPredictions(predictions, runner, 2 * PICTURES);
        assertThat(runner.ended()).isNotDone();
      }
    }
  }

  @Test
  void shouldSayWhoseInstanceIdIsUsedTwice() {
    try (TestBroker broker = TestBroker.startFresh()) {
      // given
      AfinaConfig config = config(broker, "one", "twice");
      ReadyTopics.apply(config);
      try (ClassifierRunner first = runner(config, new TextEmbedder())) {
        await("it runs").atMost(PATIENCE).until(() -> first.running().isDone());

        // when
        try (ClassifierRunner second = runner(config(broker, "two", "twice"), new TextEmbedder())) {

          // then
          assertEnds(first, ExitCode.INSTANCE_ID, "--instance-id twice is used by another process");
          assertThat(second.ended()).isNotDone();
        }
      }
    }
  }

  @Test
  void shouldSayWhichStateFolderIsUsedTwice() {
    try (TestBroker broker = TestBroker.startFresh()) {
      // given
      AfinaConfig config = config(broker, "shared", null);
      ReadyTopics.apply(config);
      try (ClassifierRunner first = runner(config, new TextEmbedder())) {

        // then
        assertThatThrownBy(() -> runner(config, new TextEmbedder()))
            .isInstanceOfSatisfying(
                AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.STATE))
            .hasMessageContaining(folder.resolve("shared").toString())
            .hasMessageContaining("--state-dir");
        assertThat(first.ended()).isNotDone();
      }
    }
  }

  @Test
  @Tag("nightly")
  void shouldEndWhenAThreadDoesNotComeBack() {
    try (TestBroker broker = TestBroker.startFresh()) {
      // given: Kafka gives a thread up after six seconds
      AfinaConfig config =
          ConfigLoader.defaults()
              .set("kafka.bootstrap.servers", broker.bootstrapServers())
              .set("kafka.max.poll.interval.ms", 6_000)
              .set("classifier.threads", 1)
              .set("classifier.drain", "1s")
              .set("classifier.stateDir", folder.resolve("blocked"))
              .load();
      ReadyTopics.apply(config);
      try (ClassifierRunner runner = runner(config, this::block)) {
        // when
        publish(config, "blocks-");

        // then
        assertEnds(runner, ExitCode.STALLED, "the classifier gets nowhere");
      } finally {
        never.countDown();
      }
    }
  }

  @Test
  void shouldBeReadyOnceItProcesses() {
    try (TestBroker broker = TestBroker.startFresh()) {
      // given
      AfinaConfig config = config(broker, "ready", null);
      ReadyTopics.apply(config);
      publish(config, "first-");
      try (ClassifierRunner runner = runner(config, this::block)) {
        // when
        await("a record is processed").atMost(PATIENCE).until(() -> blocked.getCount() == 0);

        // then
        assertThat(runner.missing()).isPresent();
        never.countDown();
        await("it is ready").atMost(PATIENCE).until(() -> runner.missing().isEmpty());
      }
    }
  }

  private static void assertEnds(ClassifierRunner runner, ExitCode code, String sentence) {
    CompletableFuture<Throwable> end =
        runner.ended().handle((nothing, thrown) -> thrown).thenApply(MembershipIT::root);
    await("it ends").atMost(PATIENCE).until(end::isDone);
    assertThat(end.join())
        .isInstanceOfSatisfying(AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(code))
        .hasMessageContaining(sentence);
  }

  private static Throwable root(Throwable thrown) {
    return thrown instanceof AfinaException || thrown.getCause() == null
        ? thrown
        : root(thrown.getCause());
  }

  private PictureEmbedder.Embedded block(byte[] picture, @Nullable String contentType) {
    try {
      blocked.countDown();
      never.await();
      return new TextEmbedder().embed(picture, contentType);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Set<MemberDescription> members(Admin admin, AfinaConfig config) throws Exception {
    String group = config.classifier().applicationId();
    ConsumerGroupDescription described =
        Objects.requireNonNull(
                admin.describeConsumerGroups(List.of(group)).describedGroups().get(group))
            .get();
    return Set.copyOf(described.members());
  }

  /** Joins under the ids of a member, which is fenced by that, and goes without a word. */
  private static void takePlace(AfinaConfig config, MemberDescription member) {
    try (KafkaConsumer<byte[], byte[]> intruder =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", config.kafka().get("bootstrap.servers"),
                "group.id", config.classifier().applicationId(),
                "group.instance.id", member.groupInstanceId().orElseThrow(),
                "client.id", member.clientId(),
                "session.timeout.ms", 45_000,
                "partition.assignment.strategy", List.of(Nothing.class.getName())),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      intruder.subscribe(List.of(TOPICS.images().name()));
      await("the place is taken")
          .atMost(PATIENCE)
          .until(
              () -> {
                intruder.poll(Duration.ofMillis(100));
                return intruder.groupMetadata().generationId() > 0;
              });
    }
  }

  /** Goes by the name of the assignor of Kafka Streams, and assigns nothing. */
  public static final class Nothing implements ConsumerPartitionAssignor {

    @Override
    public String name() {
      return "stream";
    }

    @Override
    public List<RebalanceProtocol> supportedProtocols() {
      return List.of(RebalanceProtocol.COOPERATIVE, RebalanceProtocol.EAGER);
    }

    @Override
    public GroupAssignment assign(Cluster cluster, GroupSubscription subscription) {
      return new GroupAssignment(
          Collections.unmodifiableMap(
              subscription.groupSubscription().keySet().stream()
                  .collect(
                      Collectors.toMap(member -> member, member -> new Assignment(List.of())))));
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

  private AfinaConfig config(TestBroker broker, String stateDir, @Nullable String instanceId) {
    return ConfigLoader.defaults()
        .set("kafka.bootstrap.servers", broker.bootstrapServers())
        .set("classifier.threads", 1)
        .set("classifier.instanceId", instanceId)
        .set("classifier.stateDir", folder.resolve(stateDir))
        .load();
  }

  private static ClassifierRunner runner(AfinaConfig config, PictureEmbedder embedder) {
    HeadSlot heads = new HeadSlot(Heads.BACKBONE, 3, TrustedKeys.anybody());
    return new ClassifierRunner(config, embedder, heads, new SimpleMeterRegistry(), Traces.off());
  }

  private static void publish(AfinaConfig config, String prefix) {
    try (Publisher<byte[]> images = Publisher.open(config, TOPICS.images())) {
      for (int i = 0; i < PICTURES; i++) {
        images.send(
            new ProducerRecord<>(
                TOPICS.images().name(), prefix + i, "1 2 3".getBytes(StandardCharsets.UTF_8)));
      }
      images.flush();
    }
  }
}
