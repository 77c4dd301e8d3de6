package io.afina.system;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.Child;
import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.labelling.http.Asked;
import io.afina.labelling.http.Client;
import io.afina.labelling.security.UserRole;
import io.afina.labelling.security.Users;
import io.afina.replay.TopicTail;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes that share the questions, one of which is killed. */
class SharedLabellingIT {

  private static final int ITEMS = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Pattern ADDRESS = Pattern.compile("label at (http://[0-9.:]+)");

  @TempDir Path folder;

  @Test
  void shouldAskEveryQuestionOnceThoughAProcessIsKilled() throws Exception {
    Path users = folder.resolve("users.yaml");
    List<String> tokens = new ArrayList<>();
    for (String name : List.of("ada", "ben", "mia")) {
      tokens.add(Users.addToken(users, name, UserRole.LABELLER));
    }
    ExecutorService threads = Executors.newFixedThreadPool(tokens.size());
    AtomicBoolean done = new AtomicBoolean();
    try (TestBroker broker = TestBroker.startFresh();
        Asked asked = new Asked(broker.bootstrapServers());
        KafkaConsumer<byte[], byte[]> corrections = corrections(broker);
        Child first = label(broker, users);
        Child second = label(broker, users)) {
      // given
      List<String> addresses = List.of(address(first), address(second));
      List<String> ids = asked.about("shared-", ITEMS, ReviewReason.UNCERTAIN);
      List<CompletableFuture<Void>> labellers =
          tokens.stream()
              .map(
                  token -> CompletableFuture.runAsync(() -> label(token, addresses, done), threads))
              .toList();
      List<String> answered = new ArrayList<>();
      readUntil(corrections, answered, ITEMS / 3);

      // when
      first.kill();

      // then
      readUntil(corrections, answered, ITEMS);
      done.set(true);
      labellers.forEach(CompletableFuture::join);
      read(corrections, answered);
      assertThat(answered).containsExactlyInAnyOrderElementsOf(ids);
    } finally {
      done.set(true);
      threads.shutdown();
    }
  }

  /** Asks one process and then the other, as behind a balancer that remembers nobody. */
  private static void label(String token, List<String> addresses, AtomicBoolean done) {
    List<Client> clients =
        addresses.stream()
            .map(address -> new Client(address).with("Authorization", "Bearer " + token))
            .toList();
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              clients.forEach(SharedLabellingIT::answerSome);
              return done.get();
            });
  }

  private static void answerSome(Client client) {
    try {
      JsonNode items = client.json("POST", "/api/items", "{\"page\": \"p\", \"count\": 2}");
      for (JsonNode item : items.get("items")) {
        int status =
            client
                .send(
                    "POST",
                    "/api/answers",
                    "{\"page\": \"p\", \"item\": %s, \"label\": \"bee\"}"
                        .formatted(item.get("item")))
                .statusCode();
        assertThat(status).isIn(204, 409, 503);
      }
    } catch (UncheckedIOException | IllegalStateException e) {
      // It was killed, or has lost its partitions for a moment: the next round tells.
      assertThat(e.getMessage()).doesNotStartWith("500");
    }
  }

  private static void readUntil(
      KafkaConsumer<byte[], byte[]> corrections, List<String> answered, int count) {
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .until(
            () -> {
              read(corrections, answered);
              return answered.stream().distinct().count() >= count;
            });
  }

  private static void read(KafkaConsumer<byte[], byte[]> corrections, List<String> answered) {
    corrections
        .poll(Duration.ofMillis(200))
        .forEach(record -> answered.add(new String(record.key(), StandardCharsets.UTF_8)));
  }

  private static KafkaConsumer<byte[], byte[]> corrections(TestBroker broker) {
    Asked.applyTopics(broker.bootstrapServers());
    AfinaConfig config =
        ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
    return TopicTail.open(config, TOPICS.corrections());
  }

  private Child label(TestBroker broker, Path users) {
    return Child.start(
        folder,
        "label",
        "-b",
        broker.bootstrapServers(),
        "--port",
        "0",
        "--users",
        users.toString());
  }

  private static String address(Child label) {
    Matcher address = ADDRESS.matcher(label.awaitOutput("label at ").output());
    assertThat(address.find()).isTrue();
    return address.group(1);
  }
}
