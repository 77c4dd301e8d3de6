package io.afina.classifier;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.afina.config.ConfigLoader;
import io.afina.event.Topic;
import io.afina.event.TrainingExample;
import io.afina.event.TrainingExample.Vote;
import io.afina.kafka.Homes;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.TrustedKeys;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What several labellers say of one image reaches the trainer whole. */
class VotesTest {

  private static final Instant SAID = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path state;

  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> images;
  private TestInputTopic<byte[], byte[]> corrections;
  private TestOutputTopic<String, TrainingExample> training;

  @BeforeEach
  void start() {
    Properties properties = new Properties();
    properties.put("application.id", "votes");
    properties.put("bootstrap.servers", "none:1");
    properties.put("state.dir", state.toString());
    driver =
        new TopologyTestDriver(
            ClassifierTopology.build(
                ConfigLoader.defaults().load(),
                Homes.among(1),
                new TextEmbedder(),
                new HeadSlot(Heads.BACKBONE, 1, TrustedKeys.anybody()),
                new SimpleMeterRegistry(),
                Traces.off()),
            properties);
    images = input(TOPICS.images());
    corrections = input(TOPICS.corrections());
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

  @Test
  void shouldKeepTheLastWordOfEveryLabeller() {
    image("a");
    correct("a", "ant", "mia");
    correct("a", "bee", "bo");
    correct("a", "cat", "mia");

    assertThat(votes()).containsExactly(new Vote("bo", "bee"), new Vote("mia", "cat"));
  }

  @Test
  void shouldKeepWhatWasSaidBeforeTheImageCame() {
    correct("a", "ant", "mia");
    correct("a", "bee", "bo");
    image("a");

    assertThat(votes()).containsExactly(new Vote("mia", "ant"), new Vote("bo", "bee"));
  }

  @Test
  void shouldTakeEverybodysWordAlongWhenTheImageIsSentAgain() {
    image("a");
    correct("a", "ant", "mia");
    correct("a", "bee", "bo");
    image("a");

    assertThat(votes()).extracting(Vote::labeller).containsExactly("mia", "bo");
  }

  @Test
  void shouldForgetEverybodysWordWhenItIsWithdrawn() {
    image("a");
    correct("a", "ant", "mia");
    correct("a", "bee", "bo");
    corrections.pipeInput(new TestRecord<>(bytes("a"), null));
    correct("a", "ant", "mia");

    TrainingExample again = last();
    assertThat(again.votes()).isEmpty();
    assertThat(again.label()).isEqualTo("ant");
  }

  @Test
  void shouldWithdrawTheWordOfOneLabellerAndKeepThatOfOthers() {
    image("a");
    correct("a", "ant", "mia");
    correct("a", "bee", "bo");
    correct("a", "cat", "eva");

    withdraw("a", "bo");
    assertThat(last().label()).isEqualTo("cat");
    withdraw("a", "eva");
    TrainingExample rest = last();
    assertThat(rest.label()).isEqualTo("ant");
    assertThat(rest.labeller()).isEqualTo("mia");
    assertThat(rest.at()).isEqualTo(SAID);
    withdraw("a", "bo");
    assertThat(training.isEmpty()).isTrue();
    withdraw("a", "mia");
    assertThat(training.readValue()).isNull();
  }

  @Test
  void shouldWithdrawTheWordOfOneLabellerWhileTheImageHasNotCome() {
    correct("a", "ant", "mia");
    correct("a", "bee", "bo");
    withdraw("a", "bo");
    image("a");
    assertThat(last().label()).isEqualTo("ant");

    correct("b", "bee", "bo");
    withdraw("b", "bo");
    image("b");
    assertThat(training.isEmpty()).isTrue();
  }

  @Test
  void shouldWithdrawTheWordOfWhoeverDidNotSayWho() {
    image("a");
    corrections.pipeInput(bytes("a"), bytes("{\"label\":\"ant\"}"));
    correct("a", "bee", "bo");
    corrections.pipeInput(bytes("a"), bytes("{\"withdraws\":true}"));

    assertThat(List.of(last()))
        .extracting(TrainingExample::label, TrainingExample::votes)
        .containsExactly(tuple("bee", List.of()));
  }

  @Test
  void shouldKeepALabelAndItsTimeWhereOnlyTheNameGoes() {
    // given: one image that is there, one that comes later
    image("a");
    correct("a", "ant", "mia");
    correct("a", "bee", "bo");
    correct("b", "bee", "bo");
    TrainingExample before = last();

    // when
    takeName("a", "bo");
    takeName("b", "bo");

    // then
    TrainingExample after = last();
    assertThat(after.label()).isEqualTo("bee");
    assertThat(after.labeller()).isNull();
    assertThat(after.at()).isEqualTo(before.at());
    assertThat(after.joined()).isNotNull();
    assertThat(after.votes()).containsExactly(new Vote("mia", "ant"), new Vote(null, "bee"));

    // when
    takeName("a", "nobody");
    image("b");

    // then
    assertThat(training.readValuesToList())
        .extracting(TrainingExample::label, TrainingExample::labeller)
        .containsExactly(tuple("bee", null));
  }

  @Test
  void shouldRefuseToWithdrawWhatItDoesNotKnow() {
    image("a");
    correct("a", "bee", "bo");
    TrainingExample before = last();

    corrections.pipeInput(bytes("a"), bytes("{\"withdraws\":\"colour\",\"labeller\":\"bo\"}"));
    corrections.pipeInput(bytes("a"), bytes("{\"withdraws\":\"name\"}"));

    assertThat(before.label()).isEqualTo("bee");
    assertThat(training.isEmpty()).isTrue();
    assertThat(
            driver
                .createOutputTopic(
                    TOPICS.deadLetters().name(),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())
                .readValuesToList())
        .hasSize(2);
  }

  @Test
  void shouldSayOfOneLabellerAloneWhoItWas() {
    image("a");
    correct("a", "ant", "mia");
    correct("a", "bee", "mia");

    assertThat(List.of(last()))
        .extracting(TrainingExample::label, TrainingExample::labeller, TrainingExample::votes)
        .containsExactly(tuple("bee", "mia", List.of()));
  }

  private List<Vote> votes() {
    return last().votes();
  }

  /** The newest example that was not read yet. */
  private TrainingExample last() {
    List<TrainingExample> examples = training.readValuesToList();
    return examples.get(examples.size() - 1);
  }

  private void image(String id) {
    images.pipeInput(bytes(id), bytes("1"));
  }

  private void correct(String id, String label, String labeller) {
    String json =
        "{\"label\":\"%s\",\"labeller\":\"%s\",\"at\":\"%s\"}".formatted(label, labeller, SAID);
    corrections.pipeInput(bytes(id), bytes(json));
  }

  private TestInputTopic<byte[], byte[]> input(Topic<?, ?> topic) {
    return driver.createInputTopic(
        topic.name(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void takeName(String id, String labeller) {
    String json = "{\"withdraws\":\"name\",\"labeller\":\"%s\"}".formatted(labeller);
    corrections.pipeInput(bytes(id), bytes(json));
  }

  private void withdraw(String id, String labeller) {
    String json = "{\"withdraws\":true,\"labeller\":\"%s\"}".formatted(labeller);
    corrections.pipeInput(bytes(id), bytes(json));
  }
}
