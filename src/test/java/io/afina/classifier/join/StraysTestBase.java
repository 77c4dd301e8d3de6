package io.afina.classifier.join;

import static io.afina.DefaultTopics.TOPICS;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.classifier.ClassifierTopology;
import io.afina.classifier.TextEmbedder;
import io.afina.config.ConfigLoader;
import io.afina.event.TrainingExample;
import io.afina.kafka.Homes;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.TrustedKeys;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drives the topology with one partition, 0, which is the home of every second id here; what is
 * sent home comes back to the same task.
 */
abstract class StraysTestBase {

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final Duration PATIENCE = Duration.ofHours(1);
  static final Homes HOMES = Homes.among(2);
  static final String BEE = "{\"label\":\"bee\",\"labeller\":\"mia\"}";

  final MeterRegistry meters = new SimpleMeterRegistry();
  final String away = id(1);
  final String home = id(0);
  TopologyTestDriver driver;
  TestInputTopic<byte[], byte[]> images;
  TestInputTopic<byte[], byte[]> corrections;
  TestInputTopic<byte[], byte[]> fromElsewhere;
  TestOutputTopic<byte[], byte[]> strays;
  TestOutputTopic<byte[], byte[]> deadLetters;
  TestOutputTopic<String, TrainingExample> training;

  @BeforeEach
  void start(@TempDir Path state) {
    Properties properties = new Properties();
    properties.put("application.id", "strays");
    properties.put("bootstrap.servers", "none:1");
    properties.put("state.dir", state.toString());
    driver =
        new TopologyTestDriver(
            ClassifierTopology.build(
                ConfigLoader.defaults()
                    .set("classifier.correctionPatience", PATIENCE.toMillis() + "ms")
                    .load(),
                HOMES,
                new TextEmbedder(),
                new HeadSlot(Heads.BACKBONE, 1, TrustedKeys.anybody()),
                meters,
                Traces.off()),
            properties,
            START);
    images = input(TOPICS.images().name());
    corrections = input(TOPICS.corrections().name());
    fromElsewhere = input(TOPICS.strays().name());
    strays = output(TOPICS.strays().name());
    deadLetters = output(TOPICS.deadLetters().name());
    training =
        driver.createOutputTopic(
            TOPICS.training().name(),
            TOPICS.training().keys().deserializer(),
            TOPICS.training().values().deserializer());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  double arrived(String kind, boolean atHome) {
    return meters.get("afina.arrivals").tags("kind", kind, "home", "" + atHome).counter().count();
  }

  /** An id of a home. */
  private static String id(int partition) {
    int i = 0;
    while (HOMES.of("image-" + i) != partition) {
      i++;
    }
    return "image-" + i;
  }

  private TestInputTopic<byte[], byte[]> input(String topic) {
    return driver.createInputTopic(
        topic, new ByteArraySerializer(), new ByteArraySerializer(), START, Duration.ZERO);
  }

  private TestOutputTopic<byte[], byte[]> output(String topic) {
    return driver.createOutputTopic(
        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
