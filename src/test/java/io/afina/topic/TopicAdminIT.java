package io.afina.topic;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.topic.TopicChange.AlterConfig;
import io.afina.topic.TopicChange.GrowPartitions;
import io.afina.topic.TopicChange.Refused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over a broker of its own, because the names of the topics are given. */
class TopicAdminIT {

  private static final String APPLICATION = "afina-classifier";
  private static final String CHANGELOG = APPLICATION + "-old-changelog";
  private static TestBroker broker;

  private Map<String, Object> kafka;
  private TopicAdmin topics;
  private Admin admin;

  @BeforeAll
  static void start() {
    broker = TestBroker.startFresh();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @BeforeEach
  void connect() {
    kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    topics = connect(broker.bootstrapServers());
    admin = Admin.create(kafka);
  }

  @AfterEach
  void deleteAll() throws Exception {
    Set<String> names = admin.listTopics().names().get();
    admin.deleteTopics(names).all().get();
    Awaitility.await().until(() -> admin.listTopics().names().get().isEmpty());
    admin.close();
    topics.close();
  }

  @Test
  void shouldMakeAClusterWhatTheFilesSay() {
    // given
    assertThat(topics.plan(PlanRequest.none(APPLICATION)).changes())
        .hasSize(TopicCatalog.load(TOPICS).topics().size());

    // when
    topics.apply(topics.plan(PlanRequest.none(APPLICATION)));

    // then
    assertThat(topics.plan(PlanRequest.none(APPLICATION)).changes()).isEmpty();
    topics.requireReady(TopicCatalog.load(TOPICS).names());
  }

  @Test
  void shouldKeepTheNumberOfPartitionsThatWasAskedForAtFirst() {
    // when
    topics.apply(topics.plan(new PlanRequest(2, APPLICATION, Set.of())));

    // then
    assertThat(topics.plan(PlanRequest.none(APPLICATION)).changes()).isEmpty();
    assertThat(topics.plan(new PlanRequest(4, APPLICATION, Set.of())).of(Refused.class)).hasSize(5);
  }

  @Test
  void shouldGrowDeadLetters() throws Exception {
    // given
    create("dead-letters", 1);

    // when
    TopicPlan plan = topics.plan(new PlanRequest(2, APPLICATION, Set.of()));
    topics.apply(plan);

    // then
    assertThat(plan.of(GrowPartitions.class))
        .containsExactly(new GrowPartitions("dead-letters", 1, 2));
    Awaitility.await().until(() -> topics.plan(PlanRequest.none(APPLICATION)).changes().isEmpty());
  }

  @Test
  void shouldSetBackASettingThatAFileNamesAndLeaveAnother() throws Exception {
    // given
    topics.apply(topics.plan(new PlanRequest(1, APPLICATION, Set.of())));
    set("models", "cleanup.policy", "delete");
    set("models", "min.insync.replicas", "1");

    // when
    TopicPlan plan = topics.plan(PlanRequest.none(APPLICATION));
    topics.apply(plan);

    // then
    assertThat(plan.changes())
        .containsExactly(new AlterConfig("models", "cleanup.policy", "delete", "compact"));
    Awaitility.await().until(() -> topics.plan(PlanRequest.none(APPLICATION)).changes().isEmpty());
  }

  @Test
  void shouldSayWhichTopicsARoleMisses() throws Exception {
    // given
    create("images", 2);

    // then
    assertThatThrownBy(() -> topics.requireReady(List.of("images", "training", "models")))
        .isInstanceOfSatisfying(
            AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.TOPICS))
        .hasMessage(
            "there is no topic models, training at %1$s: run `afina topics apply --bootstrap-servers %1$s`",
            broker.bootstrapServers());
  }

  @Test
  void shouldNotLetARoleStartOverTopicsThatDoNotCorrespond() throws Exception {
    // given
    create("images", 2);
    create("review", 3);

    // then
    assertThatThrownBy(() -> topics.requireReady(List.of("images", "review")))
        .hasMessageStartingWith(
            "topics must have the same number of partitions, but at %s there are {images=2, review=3}",
            broker.bootstrapServers());
  }

  @Test
  void shouldNotLetAClassifierStartOverChangelogsOfFewerPartitions() throws Exception {
    // given
    topics.apply(topics.plan(new PlanRequest(2, APPLICATION, Set.of())));
    create(CHANGELOG, 2);
    topics.requireFittingChangelogs(APPLICATION);

    // when
    Map<String, NewPartitions> grown =
        TopicCatalog.load(TOPICS).names().stream()
            .filter(TopicCatalog.load(TOPICS)::isCopartitioned)
            .collect(Collectors.toMap(name -> name, name -> NewPartitions.increaseTo(4)));
    admin.createPartitions(grown).all().get();

    // then
    Awaitility.await("the brokers know")
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> topics.requireFittingChangelogs(APPLICATION))
                    .isInstanceOf(AfinaException.class)
                    .hasMessageContaining("{%s=2}".formatted(CHANGELOG))
                    .hasMessageContaining("[4]")
                    .hasMessageContaining("`afina topics apply --prune %s`".formatted(CHANGELOG)));
    topics.requireFittingChangelogs("another");
  }

  @Test
  void shouldNotLetARoleStartOverATopicThatWouldForget() throws Exception {
    // given
    create("images", 2);
    create("training", 2);

    // then
    assertThatThrownBy(() -> topics.requireReady(List.of("images", "training")))
        .isInstanceOfSatisfying(
            AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.TOPICS))
        .hasMessageStartingWith(
            "topics at %s are cleaned up as {training=delete}", broker.bootstrapServers());
  }

  @Test
  void shouldPruneAChangelogOnceNoClassifierRuns() throws Exception {
    // given
    create(CHANGELOG, 1);
    create("orders", 1);
    topics.apply(topics.plan(new PlanRequest(1, APPLICATION, Set.of())));
    PlanRequest request = new PlanRequest(null, APPLICATION, Set.of(CHANGELOG));

    try (var member =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id", APPLICATION),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      member.subscribe(List.of("images"));
      Awaitility.await()
          .until(
              () -> {
                member.poll(Duration.ofMillis(100));
                return !member.assignment().isEmpty();
              });

      // then
      assertThat(topics.plan(request).of(Refused.class)).hasSize(1);
    }
    topics.apply(topics.plan(request));
    Awaitility.await()
        .until(
            () -> {
              Set<String> names = admin.listTopics().names().get();
              return !names.contains(CHANGELOG) && names.contains("orders");
            });
  }

  @Test
  void shouldSayTheWholeNameOfAMissingTopicAndHowToMakeIt() {
    // given
    AfinaConfig config =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", broker.bootstrapServers())
            .set("topics.prefix", "a.")
            .load();

    // then
    try (TopicAdmin prefixed = TopicAdmin.connect(config)) {
      assertThatThrownBy(() -> prefixed.requireReady(List.of(config.topics().images().name())))
          .hasMessageContaining("there is no topic a.images at ")
          .hasMessageContaining(
              "run `afina topics apply --set topics.prefix=a. --bootstrap-servers ");
    }
  }

  @Test
  void shouldSayThatNoBrokerAnswers() throws IOException {
    // given
    int port;
    try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = nobody.getLocalPort();
    }

    // then
    try (TopicAdmin unreachable = connect("127.0.0.1:" + port)) {
      assertThatThrownBy(() -> unreachable.requireReady(List.of("images")))
          .isInstanceOfSatisfying(
              AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
          .hasMessageStartingWith("no broker answers at 127.0.0.1:%d within 10 s: ", port);
    }
    assertThatThrownBy(() -> connect("nowhere.invalid:9092"))
        .hasMessageStartingWith("no broker answers at nowhere.invalid:9092 within 10 s: ");
    assertThatThrownBy(() -> connect("no port"))
        .isInstanceOfSatisfying(
            AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CONFIGURATION))
        .hasMessageStartingWith("the settings for Kafka at no port are wrong: ");
  }

  private static TopicAdmin connect(String servers) {
    return TopicAdmin.connect(
        ConfigLoader.defaults().set("kafka.bootstrap.servers", servers).load());
  }

  private void create(String topic, int partitions) throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    Awaitility.await().until(() -> admin.listTopics().names().get().contains(topic));
  }

  private void set(String topic, String key, String value) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    AlterConfigOp set = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
    Awaitility.await()
        .until(
            () ->
                admin.describeConfigs(List.of(resource)).all().get().values().stream()
                    .allMatch(config -> config.get(key).value().equals(value)));
  }
}
