package io.afina.classifier.join;

import static io.afina.DefaultTopics.TOPICS;

import io.afina.classifier.ClassifierTopology;
import io.afina.classifier.TextEmbedder;
import io.afina.classifier.join.JoinSteps.Advance;
import io.afina.classifier.join.JoinSteps.Correct;
import io.afina.classifier.join.JoinSteps.Example;
import io.afina.classifier.join.JoinSteps.Image;
import io.afina.classifier.join.JoinSteps.Letter;
import io.afina.classifier.join.JoinSteps.Malformed;
import io.afina.classifier.join.JoinSteps.Step;
import io.afina.classifier.join.JoinSteps.Withdraw;
import io.afina.classifier.join.JoinSteps.WithdrawOne;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.DeadLetter;
import io.afina.event.Topic;
import io.afina.event.TrainingExample;
import io.afina.kafka.Homes;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.TrustedKeys;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * The real topology as the histories of a property see it: one after another, each with its ids.
 */
final class JoinDriver implements AutoCloseable {

  private static final AfinaConfig CONFIG =
      ConfigLoader.defaults()
          .set("classifier.embeddingRetention", JoinModel.RETENTION.toMillis() + "ms")
          .set("classifier.correctionPatience", JoinModel.PATIENCE.toMillis() + "ms")
          .load();

  private final Path state = Files.createTempDirectory("afina-join-");
  private final TopologyTestDriver driver = driver();
  private final TestInputTopic<byte[], byte[]> images = input(TOPICS.images());
  private final TestInputTopic<byte[], byte[]> corrections = input(TOPICS.corrections());
  private final TestOutputTopic<String, TrainingExample> trainingTopic =
      driver.createOutputTopic(
          TOPICS.training().name(),
          TOPICS.training().keys().deserializer(),
          TOPICS.training().values().deserializer());
  private final TestOutputTopic<byte[], byte[]> deadLetterTopic =
      driver.createOutputTopic(
          TOPICS.deadLetters().name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());

  private final Map<String, Example> training = new HashMap<>();
  private final List<Letter> deadLetters = new ArrayList<>();
  private int history;
  private int records;
  private int firstRecord;

  JoinDriver() throws IOException {}

  /** Forgets what was seen, and begins with new image ids. */
  void startHistory() {
    history++;
    firstRecord = records;
    training();
    deadLetters();
    training.clear();
    deadLetters.clear();
  }

  void apply(Step step) {
    if (step instanceof Image image) {
      String picture = JoinSteps.picture(image.picture());
      images.pipeInput(new TestRecord<>(key(image.id()), bytes(picture), JoinSteps.START));
    } else if (step instanceof Correct correct) {
      correct(correct.id(), JoinSteps.value(correct));
    } else if (step instanceof Malformed malformed) {
      correct(malformed.id(), JoinSteps.MALFORMED);
    } else if (step instanceof Withdraw withdraw) {
      correct(withdraw.id(), null);
    } else if (step instanceof WithdrawOne withdraw) {
      correct(withdraw.id(), JoinSteps.value(withdraw));
    } else if (step instanceof Advance advance) {
      driver.advanceWallClockTime(advance.by());
    }
  }

  /** The last value of every key that has one. */
  Map<String, Example> training() {
    for (TestRecord<String, TrainingExample> record : trainingTopic.readRecordsToList()) {
      if (record.value() == null) {
        training.remove(id(record.key()));
      } else {
        training.put(id(record.key()), example(record.value()));
      }
    }
    return training;
  }

  /** All dead letters of this history. */
  List<Letter> deadLetters() {
    for (TestRecord<byte[], byte[]> record : deadLetterTopic.readRecordsToList()) {
      String key = text(record.key());
      if (key.startsWith(prefix())) {
        DeadLetter why = DeadLetter.from(record.headers());
        int number = (int) why.offset() - firstRecord;
        deadLetters.add(new Letter(number, id(key), text(record.value()), why.reason()));
      }
    }
    return deadLetters;
  }

  @Override
  public void close() throws IOException {
    driver.close();
    Utils.delete(state.toFile());
  }

  private void correct(String id, @Nullable String value) {
    byte[] json = value == null ? null : bytes(value);
    int number = records++ - firstRecord;
    corrections.pipeInput(new TestRecord<>(key(id), json, JoinSteps.timestamp(number)));
  }

  private byte[] key(String id) {
    return bytes(prefix() + id);
  }

  private String prefix() {
    return history + "-";
  }

  private TestInputTopic<byte[], byte[]> input(Topic<?, ?> topic) {
    return driver.createInputTopic(
        topic.name(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private TopologyTestDriver driver() {
    Properties properties = new Properties();
    properties.put("application.id", "join");
    properties.put("bootstrap.servers", "none:1");
    properties.put("state.dir", state.toString());
    HeadSlot heads = new HeadSlot(Heads.BACKBONE, 1, TrustedKeys.anybody());
    return new TopologyTestDriver(
        ClassifierTopology.build(
            CONFIG,
            Homes.among(2),
            new TextEmbedder(),
            heads,
            new SimpleMeterRegistry(),
            Traces.off()),
        properties,
        JoinSteps.START);
  }

  private static Example example(TrainingExample example) {
    List<Float> embedding = new ArrayList<>();
    for (float value : example.embedding().values()) {
      embedding.add(value);
    }
    return new Example(
        example.label(), String.valueOf(example.labeller()), example.at(), embedding);
  }

  private static String id(String key) {
    return key.substring(key.indexOf('-') + 1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
