package io.afina.system;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.afina.Ports;
import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.kafka.Publisher;
import io.afina.labelling.http.Client;
import io.afina.replay.LabelledPicture;
import io.afina.replay.TopicTail;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docker-compose.yml} on a Docker engine, as far as Afina's own services go. */
class ComposeIT {

  private static final int PICTURES = 24;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Pattern PASSWORD = Pattern.compile("admin may log in as admin with (\\S+)");

  @TempDir Path folder;

  @Test
  void shouldPredictWithTwoClassifiersAndLetTheFirstUserIn() throws Exception {
    assumeTrue(TestBroker.inContainers(), "there is no Docker engine");
    int kafka = Ports.free();
    int page = Ports.free();
    Map<String, String> ports =
        Map.of("AFINA_KAFKA_PORT", "" + kafka, "AFINA_LABEL_PORT", "" + page);
    AfinaConfig config =
        ConfigLoader.defaults().set("kafka.bootstrap.servers", "127.0.0.1:" + kafka).load();
    try (Compose compose = new Compose(folder, "afina-it-" + kafka, ports)) {
      // given
      compose.up("classifier-1", "classifier-2", "trainer", "label");
      // The group is not there before the first of them.
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(workers(config)).as(compose.run("ps")).hasSize(2));

      // when
      Set<String> predicted = predict(config);

      // then
      assertThat(predicted).hasSize(PICTURES);
      // Kafka, both classifiers, the trainer and the page; nobody had taught them anything when
      // they were asked first.
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(compose.run("ps").lines().filter(line -> line.contains("(healthy)")))
                      .hasSize(5));
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(compose.logs("label")).contains("label at"));
      Client admin =
          Client.login("http://127.0.0.1:" + page, "admin", password(compose.logs("users")));
      assertThat(admin.json("GET", "/api/session", null).at("/role").asText()).isEqualTo("admin");
    }
  }

  /** The classifiers that have partitions to work on, by the names that they keep. */
  private static Set<String> workers(AfinaConfig config) throws Exception {
    String group = config.classifier().applicationId();
    try (Admin admin = Admin.create(Map.copyOf(config.kafka()))) {
      ConsumerGroupDescription description =
          admin.describeConsumerGroups(List.of(group)).all().get().values().iterator().next();
      Set<String> workers = new HashSet<>();
      description.members().stream()
          .filter(member -> !member.assignment().topicPartitions().isEmpty())
          .forEach(member -> workers.add(member.groupInstanceId().orElseThrow()));
      return workers;
    }
  }

  private static Set<String> predict(AfinaConfig config) {
    Set<String> predicted = new HashSet<>();
    try (KafkaConsumer<byte[], byte[]> predictions = TopicTail.open(config, TOPICS.predictions());
        Publisher<byte[]> images = Publisher.open(config, TOPICS.images())) {
      LabelledPicture.drawn(1, PICTURES)
          .forEach(
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
                        record -> predicted.add(new String(record.key(), StandardCharsets.UTF_8)));
                return predicted.size() >= PICTURES;
              });
    }
    return predicted;
  }

  private static String password(String log) {
    Matcher found = PASSWORD.matcher(log);
    assertThat(found.find()).as(log).isTrue();
    return found.group(1);
  }
}
