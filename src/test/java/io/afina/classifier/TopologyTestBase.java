package io.afina.classifier;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Correction;
import io.afina.event.Prediction;
import io.afina.event.ReviewItem;
import io.afina.event.Topic;
import io.afina.event.TrainingExample;
import io.afina.kafka.Homes;
import io.afina.metrics.Traces;
import io.afina.model.Head;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.SwapResult;
import io.afina.model.TrustedKeys;
import io.afina.topic.Schemas;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Drives the topology without Kafka, and holds all it writes against the schemas. */
abstract class TopologyTestBase {

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final AfinaConfig CONFIG =
      ConfigLoader.defaults()
          .set("classifier.embeddingRetention", "7d")
          .set("classifier.correctionPatience", "1h")
          .set("pictures.maxKeyBytes", 20)
          .load();

  final HeadSlot heads = new HeadSlot(Heads.BACKBONE, 3, TrustedKeys.anybody());
  final Schemas schemas = new Schemas();
  final MeterRegistry meters = new SimpleMeterRegistry();
  TopologyTestDriver driver;
  TestInputTopic<byte[], byte[]> images;
  TestInputTopic<byte[], byte[]> corrections;
  TestOutputTopic<String, Prediction> predictions;
  TestOutputTopic<String, TrainingExample> training;
  TestOutputTopic<String, ReviewItem> review;
  TestOutputTopic<byte[], byte[]> deadLetters;

  @BeforeEach
  void start(@TempDir Path state) {
    Properties properties = new Properties();
    properties.put("application.id", "test");
    properties.put("bootstrap.servers", "none:1");
    properties.put("state.dir", state.toString());
    Topology topology =
        ClassifierTopology.build(
            CONFIG, Homes.among(1), new TextEmbedder(), heads, meters, Traces.off());
    driver = new TopologyTestDriver(topology, properties, START);
    images = input(TOPICS.images());
    corrections = input(TOPICS.corrections());
    predictions = output(TOPICS.predictions());
    training = output(TOPICS.training());
    review = output(TOPICS.review());
    deadLetters = output(TOPICS.deadLetters());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  final void image(String id, String numbers) {
    images.pipeInput(bytes(id), bytes(numbers));
  }

  final void correct(String id, String label, String labeller) {
    correct(id, new Correction(label, labeller, null, null));
  }

  final void correct(String id, Correction correction) {
    corrections.pipeInput(
        bytes(id), TOPICS.corrections().values().serializer().serialize("", correction));
  }

  final void swap(Head head) {
    assertThat(heads.swap(head.version(), Heads.file(head))).isInstanceOf(SwapResult.Swapped.class);
  }

  TestInputTopic<byte[], byte[]> input(Topic<?, ?> topic) {
    return driver.createInputTopic(
        topic.name(), new ByteArraySerializer(), new ByteArraySerializer(), START, Duration.ZERO);
  }

  private <K, V> TestOutputTopic<K, V> output(Topic<K, V> topic) {
    return driver.createOutputTopic(
        topic.name(), topic.keys().deserializer(), checked(topic.values().deserializer()));
  }

  /** Holds every JSON record that a test reads against its schema. */
  private <V> Deserializer<V> checked(Deserializer<V> values) {
    return (topic, bytes) -> {
      schemas.require(topic, null, bytes);
      return values.deserialize(topic, bytes);
    };
  }

  static byte[] bytes(String text) {
    return Serdes.String().serializer().serialize("", text);
  }
}
