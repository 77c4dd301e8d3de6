package io.afina.monitoring;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import io.afina.broker.TestBroker;
import io.afina.cli.service.LocalServices;
import io.afina.cli.service.ManagementService;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Correction;
import io.afina.kafka.Publisher;
import io.afina.labelling.NoActions;
import io.afina.labelling.http.Client;
import io.afina.labelling.http.LabelServer;
import io.afina.labelling.security.UserRole;
import io.afina.labelling.security.Users;
import io.afina.lifecycle.Closer;
import io.afina.replay.LabelledPicture;
import io.afina.replay.Replay;
import io.afina.replay.TopicTail;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What stands in the log of a system that has secrets and sees pictures, and what does not. */
class LogsIT {

  /** Begins every secret, and the bytes of every picture that is none. */
  private static final String SECRET = "Zaunkoenig-";

  private static final String PASSWORD = SECRET + "password";
  private static final String TOKEN = SECRET + "token";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Map<String, Level> levels = Map.of("ROOT", Level.INFO, "io.afina", Level.TRACE);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final List<Appender<ILoggingEvent>> others = new ArrayList<>();
  private final Closer closer = new Closer();
  private TestBroker broker;
  private AfinaConfig config;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    log.list = new CopyOnWriteArrayList<>();
    log.start();
    levels.forEach((name, level) -> logger(name).setLevel(level));
    logger("ROOT").iteratorForAppenders().forEachRemaining(others::add);
    others.forEach(logger("ROOT")::detachAppender);
    logger("ROOT").addAppender(log);
    broker = closer.own(TestBroker.startFresh());
    Path users = folder.resolve("users.yaml");
    Users.add(users, "mia", UserRole.ADMIN, PASSWORD);
    config =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", broker.bootstrapServers())
            .set("kafka.ssl.key.password", SECRET + "key")
            .set("kafka.ssl.truststore.password", SECRET + "truststore")
            .set(
                "kafka.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"mia\" password=\"%ssasl\";"
                    .formatted(SECRET))
            .set("classifier.stateDir", folder.resolve("state"))
            .set("labelling.port", 0)
            .set("labelling.users", users)
            .set("management.port", 0)
            .set("management.tokenFile", Files.writeString(folder.resolve("token"), TOKEN))
            .load();
  }

  @AfterEach
  void stop() {
    closer.close();
    logger("ROOT").detachAppender(log);
    others.forEach(logger("ROOT")::addAppender);
    logger("ROOT").setLevel(Level.WARN);
    logger("io.afina").setLevel(Level.INFO);
  }

  @Test
  void shouldTellWhatHappenedWithoutSecretsAndPictures() throws Exception {
    // when
    try (Closer services = new Closer()) {
      ManagementService management = services.own(new ManagementService("up", config));
      services.own(new LocalServices(config, management.meters(), management.tracer(), swap -> {}));
      LabelServer page =
          services.own(
              new LabelServer(config, new NoActions(), management.meters(), management.tracer()));
      changeALevel(management, TOKEN);
      changeALevel(management, SECRET + "guess");
      logIn(page);
      sendWhatIsUnusable();
      learn();
    }

    // then
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .contains(
            "rebalanced", "head published", "head swapped", "dead letters", "classifier drained");
    assertThat(lines()).hasSizeGreaterThan(20).noneMatch(line -> line.contains(SECRET));
    assertThat(lines().stream().filter(line -> line.contains("dead letters")))
        .as("one line a minute, not one a letter")
        .hasSizeBetween(1, 5);
  }

  private static void changeALevel(ManagementService management, String token) throws Exception {
    HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(management.address().resolve("/loggers/io.afina.other"))
                .header("Authorization", "Bearer " + token)
                .PUT(BodyPublishers.ofString("DEBUG"))
                .build(),
            BodyHandlers.ofString());
  }

  private static void logIn(LabelServer page) {
    assertThatThrownBy(() -> Client.login(page.address(), "mia", SECRET + "guess"))
        .isInstanceOf(IllegalStateException.class);
    Client mia = Client.login(page.address(), "mia", PASSWORD);
    assertThat(mia.send("POST", "/api/answers", "{\"label\": \"%s".formatted(SECRET)).statusCode())
        .isEqualTo(400);
  }

  private void sendWhatIsUnusable() {
    byte[] bytes = (SECRET + "bytes").getBytes(StandardCharsets.UTF_8);
    try (KafkaConsumer<byte[], byte[]> letters = TopicTail.open(config, TOPICS.deadLetters());
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      for (int i = 0; i < 20; i++) {
        byte[] id = ("image-" + i).getBytes(StandardCharsets.UTF_8);
        var unusedImage = producer.send(new ProducerRecord<>(TOPICS.images().name(), id, bytes));
        var unusedSaid =
            producer.send(new ProducerRecord<>(TOPICS.corrections().name(), id, bytes));
      }
      producer.flush();
      int[] seen = {0};
      await("40 dead letters")
          .atMost(PATIENCE)
          .until(() -> (seen[0] += letters.poll(Duration.ofMillis(100)).count()) >= 40);
    }
  }

  private void learn() {
    try (Replay replay = new Replay(config, new Replay.Pace(1, 0, 1));
        Publisher<Correction> corrections = Publisher.open(config, TOPICS.corrections())) {
      replay.stream(LabelledPicture.drawn(1, 60), true, score -> {});
      assertThat(replay.awaitLearned(PATIENCE)).isTrue();
      corrections.send(
          new ProducerRecord<>(
              TOPICS.corrections().name(),
              "never-came",
              new Correction("bee", "mia", null, SECRET + "note")));
      corrections.flush();
    }
  }

  private List<String> lines() {
    return log.list.stream().map(LogsIT::line).toList();
  }

  private static String line(ILoggingEvent event) {
    String pairs =
        event.getKeyValuePairs() == null
            ? ""
            : event.getKeyValuePairs().stream()
                .map(pair -> " " + pair.key + "=" + pair.value)
                .collect(Collectors.joining());
    return event.getFormattedMessage()
        + pairs
        + ThrowableProxyUtil.asString(event.getThrowableProxy());
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }
}
