package io.afina.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LagMonitorIT {

  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String DONE = "all-is-done";
  private static final String WAITS = "one-waits-behind-a-marker";
  private static final String OPEN = "a-transaction-is-open";
  private static final Set<String> TOPICS = Set.of(DONE, WAITS, OPEN);

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private TestBroker broker;
  private AfinaConfig config;
  private Admin admin;

  @BeforeEach
  void start() throws Exception {
    broker = TestBroker.startFresh();
    config =
        ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
    admin = Admin.create(Map.copyOf(config.kafka()));
    List<NewTopic> topics = TOPICS.stream().map(name -> new NewTopic(name, 1, (short) 1)).toList();
    admin.createTopics(topics).all().get();
  }

  @AfterEach
  void stop() {
    admin.close();
    broker.close();
  }

  @Test
  void shouldCountTheRecordsThatWaitAndNotTheMarkersOfTransactions() throws Exception {
    // given
    Set<TopicPartition> assigned = dealWithThreeRecordsAndAMarkerInEach();
    try (KafkaProducer<String, String> late = producer(Optional.of("late"));
        KafkaProducer<String, String> plain = producer(Optional.empty())) {
      // when
      late.initTransactions();
      late.beginTransaction();
      send(late, OPEN, 1);
      late.flush();
      send(plain, WAITS, 1);
      plain.flush();

      // then
      try (LagMonitor monitor = monitor(Duration.ofSeconds(1), assigned)) {
        await("what waits")
            .atMost(PATIENCE)
            .until(() -> gauge("records", WAITS) == 1 && gauge("records", OPEN) == 1);
        await("it stands still").atMost(PATIENCE).until(() -> gauge("standstill", WAITS) > 0);
        assertThat(monitor).isNotNull();
        assertThat(gauge("records", DONE)).isZero();
        assertThat(gauge("standstill", DONE)).isZero();
        assertThat(gauge("oldest", DONE)).isZero();
        assertThat(gauge("oldest", WAITS)).isPositive();
      }
      late.abortTransaction();
    }
  }

  @Test
  void shouldMeasureAtOnceWhenAsked() throws Exception {
    // given
    Set<TopicPartition> assigned = dealWithThreeRecordsAndAMarkerInEach();
    try (KafkaProducer<String, String> plain = producer(Optional.empty())) {
      send(plain, WAITS, 2);
      plain.flush();
    }

    // when
    try (LagMonitor monitor = monitor(Duration.ofHours(1), assigned)) {
      monitor.ask();

      // then
      await("what waits").atMost(PATIENCE).until(() -> gauge("records", WAITS) == 2);
    }
  }

  private LagMonitor monitor(Duration interval, Set<TopicPartition> assigned) {
    return new LagMonitor(config, TOPICS, interval, registry, () -> assigned);
  }

  private Set<TopicPartition> dealWithThreeRecordsAndAMarkerInEach() throws Exception {
    try (KafkaProducer<String, String> producer = producer(Optional.of("upstream"))) {
      producer.initTransactions();
      producer.beginTransaction();
      TOPICS.forEach(topic -> send(producer, topic, 3));
      producer.commitTransaction();
    }
    Map<TopicPartition, OffsetAndMetadata> committed =
        TOPICS.stream()
            .collect(
                Collectors.toMap(
                    topic -> new TopicPartition(topic, 0), topic -> new OffsetAndMetadata(3)));
    admin.alterConsumerGroupOffsets(config.classifier().applicationId(), committed).all().get();
    return committed.keySet();
  }

  private double gauge(String name, String topic) {
    return registry.get("afina.backlog." + name).tag("topic", topic).gauge().value();
  }

  private static void send(KafkaProducer<String, String> producer, String topic, int count) {
    for (int i = 0; i < count; i++) {
      var unused = producer.send(new ProducerRecord<>(topic, "record " + i));
    }
  }

  private KafkaProducer<String, String> producer(Optional<String> transactionalId) {
    Map<String, Object> settings = new KafkaSettings(config).toMap();
    transactionalId.ifPresent(id -> settings.put("transactional.id", id));
    return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }
}
