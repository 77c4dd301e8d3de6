package io.afina.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.afina.Child;
import io.afina.Ports;
import io.afina.broker.EmbeddedBroker.Storage;
import io.afina.lifecycle.AfinaException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
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
      createTopic(first.bootstrapServers());
      produce(first.bootstrapServers(), "before");
    }

    // when
    try (EmbeddedBroker second = EmbeddedBroker.start(folder)) {
      produce(second.bootstrapServers(), "after");

      // then
      assertThat(consume(second, 2)).containsExactly("before", "after");
    }
  }

  @Test
  void shouldTakeUpAFolderWhoseBrokerWasKilled() throws Exception {
    // given
    Path data = folder.resolve("data");
    int port = Ports.free();
    try (Child killed =
        Child.start(
            folder, "broker", List.of(), ClusterNode.class, List.of("" + settings(data, port)))) {
      killed.awaitOutput(ClusterNode.SERVES);
      createTopic("127.0.0.1:" + port);
      produce("127.0.0.1:" + port, "before");

      // when
      killed.kill();
    }
    try (EmbeddedBroker next = EmbeddedBroker.start(data)) {

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

  @Test
  void shouldGoOnWhereAStartFailsForWhichKafkaWouldEndTheProcess() throws Exception {
    // given
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String there = "127.0.0.1:" + taken.getLocalPort();
      UnaryOperator<Properties> ports =
          settings -> {
            settings.put("listeners", "PLAINTEXT://127.0.0.1:0,CONTROLLER://" + there);
            settings.put("controller.quorum.voters", "1@" + there);
            return settings;
          };

      // then
      assertThatThrownBy(() -> EmbeddedBroker.start(folder, ports, Storage.alone(List.of())))
          .isInstanceOf(AfinaException.class)
          .hasMessageContaining("Address already in use");
    }
  }

  private static void createTopic(String servers) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin.createTopics(List.of(new NewTopic("things", 1, (short) 1))).all().get();
    }
  }

  private static void produce(String servers, String value) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", servers, "transactional.id", "producer");
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

  private Path settings(Path data, int port) throws IOException {
    int controller = Ports.free();
    return Files.write(
        folder.resolve("broker.properties"),
        List.of(
            "log.dirs=" + data,
            "node.id=1",
            ClusterNode.CLUSTER_ID + "=" + Uuid.randomUuid(),
            "listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                .formatted(port, controller),
            "controller.quorum.voters=1@127.0.0.1:" + controller));
  }
}
