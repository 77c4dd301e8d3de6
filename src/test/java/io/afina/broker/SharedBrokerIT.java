package io.afina.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class SharedBrokerIT {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Test
  void shouldGiveTheSameBrokerAgainWithoutTopicsGroupsAndTransactions() throws Exception {
    // given
    TestBroker first = TestBroker.startFresh();
    String servers = first.bootstrapServers();
    assertThat(roundTrip(servers, "before")).isEqualTo("before");

    // when
    first.close();
    try (TestBroker second = TestBroker.startFresh();
        TestBroker other = TestBroker.startFresh();
        Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {

      // then
      assertThat(second.bootstrapServers()).isEqualTo(servers);
      assertThat(other.bootstrapServers()).isNotEqualTo(servers);
      assertThat(admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get())
          .isEmpty();
      assertThat(admin.listGroups().all().get()).isEmpty();
      assertThat(roundTrip(servers, "after")).isEqualTo("after");
    }
  }

  /** Sends a record in a transaction to a new topic, and reads in a group what comes first. */
  private static String roundTrip(String servers, String value) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin.createTopics(List.of(new NewTopic("things", 1, (short) 1))).all().get();
    }
    Map<String, Object> producing =
        Map.of("bootstrap.servers", servers, "transactional.id", "producer");
    try (var producer =
        new KafkaProducer<>(producing, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("things", "key", value)).get();
      producer.commitTransaction();
    }
    Map<String, Object> consuming =
        Map.of(
            "bootstrap.servers", servers,
            "group.id", "consumers",
            "isolation.level", "read_committed",
            "auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(consuming, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of("things"));
      ConsumerRecords<String, String> read =
          await("the record is read")
              .atMost(PATIENCE)
              .until(() -> consumer.poll(Duration.ofMillis(200)), records -> !records.isEmpty());
      consumer.commitSync();
      return read.iterator().next().value();
    }
  }
}
