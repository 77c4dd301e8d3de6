package io.afina.system;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.afina.broker.TestBroker;
import io.afina.classifier.ClassifierRunner;
import io.afina.cli.service.ClassifierService;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Correction;
import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Reason;
import io.afina.kafka.Publisher;
import io.afina.metrics.Traces;
import io.afina.replay.LabelledPicture;
import io.afina.replay.TopicTail;
import io.afina.topic.ReadyTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Records that are large, over a broker with Kafka's own limits. */
class RecordLimitsIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final byte[] PICTURE = LabelledPicture.drawn(1, 1).get(0).bytes().get();

  private final TestBroker broker = TestBroker.startFresh();
  private final Logger log = (Logger) LoggerFactory.getLogger(ClassifierRunner.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private AfinaConfig config;
  private ClassifierService classifier;

  @BeforeEach
  void start(@TempDir Path folder) {
    logged.start();
    log.addAppender(logged);
    config =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", broker.bootstrapServers())
            .set("classifier.stateDir", folder)
            .set("classifier.threads", 1)
            .load();
    ReadyTopics.apply(config);
    classifier = new ClassifierService(config, new SimpleMeterRegistry(), Traces.off(), swap -> {});
    classifier.running().join();
  }

  @AfterEach
  void stop() {
    classifier.close();
    broker.close();
    log.detachAppender(logged);
  }

  @Test
  void shouldGoOnAfterANoteOfHalfAMegabyteAndHeadersOfMoreThanOne() {
    try (KafkaConsumer<byte[], byte[]> predictions = TopicTail.open(config, TOPICS.predictions());
        KafkaConsumer<byte[], byte[]> letters = TopicTail.open(config, TOPICS.deadLetters());
        Publisher<Correction> corrections = Publisher.open(config, TOPICS.corrections());
        Publisher<byte[]> images = Publisher.open(config, TOPICS.images())) {
      // given
      Correction talkative = new Correction("bee", "mia", null, "z".repeat(500_000));
      ProducerRecord<String, byte[]> decorated = image("decorated");
      for (int i = 0; i < 12; i++) {
        decorated.headers().add("header-" + i, new byte[100_000]);
      }

      // when
      corrections.send(new ProducerRecord<>(TOPICS.corrections().name(), "early", talkative));
      corrections.flush();
      images.send(decorated);
      images.send(image("early"));
      images.flush();

      // then
      assertThat(keys(receive(predictions, 2))).containsExactlyInAnyOrder("decorated", "early");
      ConsumerRecord<byte[], byte[]> letter = receive(letters, 1).get(0);
      assertThat(DeadLetter.from(letter.headers()).reason()).isEqualTo(Reason.MALFORMED);
      assertThat(DeadLetter.from(letter.headers()).error()).contains("65,536");
      assertThat(letter.value()).hasSizeGreaterThan(500_000);
      assertThat(logged.list).isEmpty();
    }
  }

  @Test
  void shouldWaitForATopicThatTakesTooLittleUntilItIsSetRight() throws Exception {
    try (KafkaConsumer<byte[], byte[]> predictions = TopicTail.open(config, TOPICS.predictions());
        Publisher<byte[]> images = Publisher.open(config, TOPICS.images());
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      // given
      limitPredictions(admin, "100");

      // when
      images.send(image("x"));
      images.flush();
      await("a thread gives up")
          .atMost(PATIENCE)
          .until(
              () ->
                  List.copyOf(logged.list).stream()
                      .anyMatch(line -> line.getMessage().equals("stream thread failed")));
      limitPredictions(admin, "1048588");

      // then
      assertThat(keys(receive(predictions, 1))).containsExactly("x");
    }
  }

  private static ProducerRecord<String, byte[]> image(String id) {
    return new ProducerRecord<>(TOPICS.images().name(), id, PICTURE);
  }

  private static void limitPredictions(Admin admin, String bytes) throws Exception {
    ConfigResource topic =
        new ConfigResource(ConfigResource.Type.TOPIC, TOPICS.predictions().name());
    AlterConfigOp change =
        new AlterConfigOp(new ConfigEntry("max.message.bytes", bytes), OpType.SET);
    admin.incrementalAlterConfigs(Map.of(topic, List.of(change))).all().get();
  }

  private static List<ConsumerRecord<byte[], byte[]>> receive(
      KafkaConsumer<byte[], byte[]> consumer, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    await(count + " records")
        .atMost(PATIENCE)
        .until(
            () -> {
              consumer.poll(Duration.ofMillis(100)).forEach(records::add);
              return records.size() >= count;
            });
    return records;
  }

  private static List<String> keys(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream().map(r -> new String(r.key(), StandardCharsets.UTF_8)).toList();
  }
}
