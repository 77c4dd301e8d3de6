package io.afina.system;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.broker.SecuredBroker;
import io.afina.cli.models.RegistryModelActions;
import io.afina.cli.service.ClassifierService;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Correction;
import io.afina.event.Json;
import io.afina.event.Prediction;
import io.afina.kafka.Publisher;
import io.afina.labelling.http.Client;
import io.afina.labelling.http.LabelServer;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.metrics.Traces;
import io.afina.replay.LabelledPicture;
import io.afina.replay.TopicTail;
import io.afina.topic.Acls;
import io.afina.topic.TopicCatalog;
import io.afina.topic.TopicSpec.Role;
import io.afina.trainer.TrainerRunner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The whole loop where everybody must say who they are and may do only what {@code
 * topics/acls.yaml} says, set up by the commands of {@code src/docs/security.md}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredLoopIT {

  private static final int PICTURES = 80;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private SecuredBroker broker;
  private SecuredTopics topics;
  private Path folder;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    this.folder = folder;
    broker = new SecuredBroker(folder);
    topics = new SecuredTopics(broker);
    for (String user : List.of("upstream", "trainer", "labeller", "page", "curator", "eraser")) {
      broker.addUser(user);
    }
    broker.addUser("operator");
    broker.addUser("stranger");
    SecuredTopics.Run first = topics.asThePageSays("apply");
    assertThat(first.exit()).as(first.out()).isZero();
    assertThat(first.out()).contains("User:CN=classifier may READ TOPIC images", " 0 too many");
  }

  @AfterAll
  void stop() {
    broker.close();
  }

  @Test
  void shouldClassifyTrainCorrectAndLabelWhenEverybodyMayDoOnlyWhatTheirRoleNeeds() {
    try (Closer closer = new Closer()) {
      // given
      ClassifierService classifier =
          closer.own(
              new ClassifierService(
                  classifier(), new SimpleMeterRegistry(), Traces.off(), swap -> {}));
      TrainerRunner trainer =
          closer.own(new TrainerRunner(as(Role.TRAINER), new SimpleMeterRegistry(), Traces.off()));
      LabelServer server = closer.own(page());
      classifier.running().join();
      trainer.ready().join();
      Client mia = Client.open(server.address());
      List<LabelledPicture> pictures = LabelledPicture.drawn(5, PICTURES);

      // when
      Map<String, Prediction> predictions = predict(pictures);
      labelOne(mia);
      correct(pictures);

      // then
      assertThat(predictions).hasSize(PICTURES);
      await("a champion")
          .atMost(PATIENCE)
          .until(() -> championAlias(mia).path("version").asLong() > 0);
      // The trainer may write at the same moment; then the page says: try again.
      await("a promotion by hand").atMost(PATIENCE).until(() -> promote(mia).isEmpty());
      // It may also have promoted its next head since.
      await("the promotion is in the champion's history")
          .atMost(PATIENCE)
          .until(() -> championAlias(mia).findValuesAsText("why").contains("calmer"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldLetNoRoleReadOrWriteWhatTheFileDoesNotSay(Role role) {
    try (KafkaConsumer<byte[], byte[]> consumer = TopicAccess.consumer(as(role));
        KafkaProducer<byte[], byte[]> producer = TopicAccess.producer(as(role))) {
      for (String topic : TopicCatalog.load(TOPICS).names()) {
        if (!may(role, AclOperation.READ, topic)) {
          assertThatThrownBy(() -> TopicAccess.read(consumer, topic))
              .as("%s reads %s", role, topic)
              .isInstanceOf(TopicAuthorizationException.class);
        }
        if (!may(role, AclOperation.WRITE, topic)) {
          assertThatThrownBy(() -> TopicAccess.write(producer, topic))
              .as("%s writes %s", role, topic)
              .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
      }
    }
  }

  @Test
  void shouldLetALabellerNeitherReadHeadsNorWriteExamples() {
    assertThat(may(Role.LABELLER, AclOperation.WRITE, "corrections")).isTrue();
    try (KafkaConsumer<byte[], byte[]> consumer = TopicAccess.consumer(as(Role.LABELLER));
        KafkaProducer<byte[], byte[]> producer = TopicAccess.producer(as(Role.LABELLER))) {
      assertThatThrownBy(() -> TopicAccess.read(consumer, "models"))
          .isInstanceOf(TopicAuthorizationException.class);
      assertThatThrownBy(() -> TopicAccess.write(producer, "training"))
          .hasCauseInstanceOf(TopicAuthorizationException.class);
    }
  }

  @Test
  void shouldNotLetInWhoDoesNotKnowThePasswordOrMayNothing() {
    assertThat(topics.run("verify", broker.propertiesWithAWrongPassword("operator"), List.of()))
        .satisfies(
            run -> {
              assertThat(run.exit()).isEqualTo(ExitCode.UNREACHABLE.code());
              assertThat(run.out()).contains("does not know who this is");
            });
    assertThat(topics.run("verify", broker.properties("stranger"), List.of()))
        .satisfies(
            run -> {
              assertThat(run.exit()).isEqualTo(ExitCode.TOPICS.code());
              assertThat(run.out()).contains("refuses", "topics/acls.yaml");
            });
  }

  @Test
  void shouldFindTheRulesAsDescribedAndPointAtThoseThatAreTooMany() {
    assertThat(topics.asThePageSays("verify").out()).contains("The access rules are as described.");
    SecuredTopics.Run more =
        topics.run(
            "verify",
            broker.properties(SecuredBroker.ADMIN),
            List.of("--acls", "--principal", "labeller=User:trainer"));
    assertThat(more.exit()).isEqualTo(ExitCode.TOPICS.code());
    assertThat(more.out())
        .contains("+ User:trainer may WRITE TOPIC corrections")
        .contains("! User:trainer may WRITE TOPIC models: no role needs it");
  }

  private AfinaConfig as(Role role) {
    return broker.as(user(role));
  }

  private static String user(Role role) {
    return switch (role) {
      case CLASSIFIER -> SecuredBroker.CLASSIFIER;
      case LABELLING, REVIEWER -> "page";
      default -> role.name().toLowerCase(Locale.ROOT);
    };
  }

  private AfinaConfig classifier() {
    return ConfigLoader.defaults()
        .kafkaProperties(broker.properties(SecuredBroker.CLASSIFIER))
        .set("kafka.bootstrap.servers", broker.bootstrapServers(SecuredBroker.CLASSIFIER))
        .set("classifier.stateDir", folder.resolve("state"))
        .load();
  }

  private LabelServer page() {
    AfinaConfig config =
        ConfigLoader.defaults()
            .kafkaProperties(broker.properties("page"))
            .set("kafka.bootstrap.servers", broker.bootstrapServers("page"))
            .set("labelling.port", 0)
            .load();
    return new LabelServer(
        config, new RegistryModelActions(config), new SimpleMeterRegistry(), Traces.off());
  }

  /** Sends pictures as upstream does, and waits for their predictions as upstream does. */
  private Map<String, Prediction> predict(List<LabelledPicture> pictures) {
    Map<String, Prediction> predicted = new HashMap<>();
    AfinaConfig upstream = as(Role.UPSTREAM);
    try (KafkaConsumer<byte[], byte[]> predictions =
            TopicTail.open(upstream, TOPICS.predictions());
        Publisher<byte[]> images = Publisher.open(upstream, TOPICS.images())) {
      pictures.forEach(
          picture ->
              images.send(
                  new ProducerRecord<>(
                      TOPICS.images().name(), picture.id(), picture.bytes().get())));
      images.flush();
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                predictions
                    .poll(Duration.ofMillis(100))
                    .forEach(
                        record ->
                            predicted.put(
                                new String(record.key(), StandardCharsets.UTF_8),
                                Json.read(record.value(), Prediction.class)));
                return predicted.size() >= pictures.size();
              });
    }
    return predicted;
  }

  /** Corrects pictures as a program of a labeller does. */
  private void correct(List<LabelledPicture> pictures) {
    try (Publisher<Correction> corrections =
        Publisher.open(as(Role.LABELLER), TOPICS.corrections())) {
      pictures.forEach(
          picture ->
              corrections.send(
                  new ProducerRecord<>(
                      TOPICS.corrections().name(),
                      picture.id(),
                      new Correction(picture.label(), "labeller", Instant.now(), null))));
      corrections.flush();
    }
  }

  /** The classifier asks about a picture, the page shows it and takes the answer. */
  private static void labelOne(Client mia) {
    List<JsonNode> items = new ArrayList<>();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              mia.json("POST", "/api/items", "{\"page\": \"p\", \"count\": 1}")
                  .get("items")
                  .forEach(items::add);
              return !items.isEmpty();
            });
    JsonNode item = items.get(0);
    assertThat(mia.bytes(item.get("picture").asText()).statusCode()).isEqualTo(200);
    String answer = "{\"page\": \"p\", \"item\": %s, \"label\": \"bee\"}";
    assertThat(mia.send("POST", "/api/answers", answer.formatted(item.get("item"))).statusCode())
        .isEqualTo(204);
    String image = item.get("image").asText();
    assertThat(mia.json("GET", "/api/images?id=" + image, null).at("/corrections/0/label").asText())
        .isEqualTo("bee");
  }

  private static String promote(Client mia) {
    String body = "{\"version\": 1, \"why\": \"calmer\"}";
    return mia.send("POST", "/api/models/promote", body).body();
  }

  private static JsonNode championAlias(Client client) {
    return client.json("GET", "/api/models", null).at("/aliases/champion");
  }

  /** Whether the file allows it to the user who has this role, maybe by another role. */
  private boolean may(Role role, AclOperation operation, String topic) {
    Acls acls = Acls.load(as(role));
    return Stream.of(Role.values())
        .filter(other -> user(other).equals(user(role)))
        .flatMap(other -> acls.of(other, new Acls.Principal("User:any")).stream())
        .anyMatch(
            rule -> rule.pattern().name().equals(topic) && rule.entry().operation() == operation);
  }
}
