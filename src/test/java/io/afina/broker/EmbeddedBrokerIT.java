package io.afina.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.afina.lifecycle.AfinaException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {

  @TempDir Path folder;

  @Test
  void shouldKeepRecordsOverARestartOnAnotherPort() throws Exception {
    // given
    try (EmbeddedBroker first = EmbeddedBroker.start(folder)) {
      createTopic(first);
      produce(first, "before");
    }

    // when
    try (EmbeddedBroker second = EmbeddedBroker.start(folder)) {
      produce(second, "after");

      // then
      assertThat(consume(second, 2)).containsExactly("before", "after");
    }
  }

  @Test
  void shouldTakeUpAFolderWhoseBrokerWasKilled() throws Exception {
    // given: the folder as it is while the broker runs is what kill -9 leaves
    Path left = folder.resolve("left");
    try (EmbeddedBroker killed = EmbeddedBroker.start(folder.resolve("running"))) {
      createTopic(killed);
      produce(killed, "before");
      copy(killed.dataDir(), left);
    }

    // when
    try (EmbeddedBroker next = EmbeddedBroker.start(left)) {

      // then
      assertThat(consume(next, 1)).containsExactly("before");
    }
  }

  @Test
  void shouldRefuseAFolderAndAPortInUseAndDeleteATemporaryFolder() {
    // given
    EmbeddedBroker broker = EmbeddedBroker.startFresh();
    int port = Integer.parseInt(broker.bootstrapServers().split(":", 2)[1]);

    try (broker) {
      // then
      assertThatThrownBy(() -> EmbeddedBroker.start(broker.dataDir()))
          .isInstanceOf(AfinaException.class)
          .hasMessageContaining(broker.dataDir().toString())
          .hasMessageContaining("does another process use that folder?");
      assertThatThrownBy(() -> EmbeddedBroker.start(folder, port))
          .isInstanceOf(AfinaException.class)
          .hasMessageContaining("port " + port + " of 127.0.0.1 is taken");
    }
    assertThat(broker.dataDir()).doesNotExist();
  }

  private static void createTopic(EmbeddedBroker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic("things", 1, (short) 1))).all().get();
    }
  }

  private static void produce(EmbeddedBroker broker, String value) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "producer");
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("things", "key", value)).get();
      producer.commitTransaction();
    }
  }

  private static List<String> consume(EmbeddedBroker broker, int count) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", broker.bootstrapServers(),
            "group.id", "consumers",
            "isolation.level", "read_committed",
            "auto.offset.reset", "earliest");
    List<String> values = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of("things"));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
                return values.size() >= count;
              });
    }
    return values;
  }

  private static void copy(Path from, Path to) throws Exception {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path source : tree.toList()) {
        Files.copy(
            source,
            to.resolve(from.relativize(source).toString()),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
