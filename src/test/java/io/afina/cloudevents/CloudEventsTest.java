package io.afina.cloudevents;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.backbone.PictureEmbedder.Embedded;
import io.afina.classifier.ClassifierTopology;
import io.afina.config.ConfigLoader;
import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.Embedding;
import io.afina.event.Prediction;
import io.afina.kafka.Homes;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.TrustedKeys;
import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CloudEvents as the project's own Java library writes and reads them. */
class CloudEventsTest {

  private static final long ARRIVED = 1_767_225_600_000L;
  private static final byte[] PICTURE = bytes("a picture");

  private final CloudEvent uploaded =
      CloudEventBuilder.v1()
          .withId("A234")
          .withSource(URI.create("https://shop.example/uploads"))
          .withType("example.shop.uploaded")
          .withTime(OffsetDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC))
          .withSubject("basket")
          .withData("image/jpeg", PICTURE)
          .withExtension("tenant", "north")
          .build();

  private @TempDir Path state;
  private TopologyTestDriver driver;

  @BeforeEach
  void start() {
    driver = driver(null);
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void shouldKnowAnEventWithoutAKeyBySourceAndId() {
    // when
    image(null, headers(uploaded));
    image("dog", headers(uploaded));

    // then
    assertThat(predictions().readRecordsToList())
        .extracting(TestRecord::key)
        .containsExactly("https://shop.example/uploads|A234", "dog");
  }

  @Test
  void shouldLeaveAnImagesAttributesAloneWherePredictionsAreNoEvents() {
    // when
    image("dog", headers(uploaded));

    // then
    Headers headers = predictions().readRecord().headers();
    assertThat(text(headers, "ce_id")).isEqualTo("A234");
    assertThat(headers.lastHeader("content-type")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "ce_source, '', NO_KEY, no ce_source",
    "ce_id, '', NO_KEY, no ce_id",
    "ce_source, my shop, BAD_KEY, ce_source is no URI-reference",
  })
  void shouldSetAsideAnEventByWhichNoImageIsNamed(
      String header, String value, Reason reason, String why) {
    // given
    Headers headers = headers(uploaded);
    headers.remove(header).add(header, bytes(value));

    // when
    image(null, headers);
    image("dog", headers);

    // then
    TestRecord<byte[], byte[]> letter =
        driver
            .createOutputTopic(
                TOPICS.deadLetters().name(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())
            .readRecord();
    assertThat(DeadLetter.from(letter.headers()).reason()).isEqualTo(reason);
    assertThat(DeadLetter.from(letter.headers()).error()).contains(why);
    assertThat(letter.key()).isNull();
    assertThat(letter.value()).isEqualTo(PICTURE);
    assertThat(predictions().readRecord().key()).as("a key is enough").isEqualTo("dog");
  }

  @Test
  void shouldNotTakeAHeaderThatIsNoUtf8ForAnId() {
    // given
    Headers headers = headers(uploaded);
    headers.remove("ce_id").add("ce_id", new byte[] {(byte) 0xff});

    // when
    image(null, headers);
    image(null, new RecordHeaders().add("ce_id", bytes("no event without ce_specversion")));

    // then
    assertThat(predictions().isEmpty()).isTrue();
  }

  @Test
  void shouldMakeAPredictionTheSameEventHoweverOftenItIsMade() {
    // when
    predictEvents();
    image("dog", headers(uploaded));
    TestRecord<String, byte[]> first = predictions().readRecord();
    predictEvents();
    image("dog", headers(uploaded));
    TestRecord<String, byte[]> again = predictions().readRecord();

    // then
    CloudEvent event = event(first);
    assertThat(event.getSpecVersion()).isEqualTo(SpecVersion.V1);
    assertThat(event.getId()).isEqualTo("images-0-0");
    assertThat(event.getSource()).isEqualTo(URI.create("/afina/pets"));
    assertThat(event.getType()).isEqualTo("io.afina.prediction");
    assertThat(event.getSubject()).isEqualTo("dog");
    assertThat(event.getDataContentType()).isEqualTo("application/json");
    assertThat(Objects.requireNonNull(event.getTime()).toInstant())
        .isEqualTo(Instant.ofEpochMilli(ARRIVED));
    assertThat(event.getExtension("tenant")).isEqualTo("north");
    assertThat(first.headers()).extracting(Header::key).doesNotHaveDuplicates();
    assertThat(again.headers()).isEqualTo(first.headers());
    Prediction prediction =
        TOPICS
            .predictions()
            .values()
            .deserializer()
            .deserialize("", Objects.requireNonNull(event.getData()).toBytes());
    assertThat(prediction.image().timestamp()).isEqualTo(ARRIVED);
  }

  @Test
  void shouldNameNoSubjectThatAnEventMayNotHave() {
    // given
    predictEvents();

    // when
    image("a\nb", new RecordHeaders());

    // then
    assertThat(event(predictions().readRecord()).getSubject()).isNull();
  }

  /** Starts anew, with predictions that are events. */
  private void predictEvents() {
    driver.close();
    driver = driver("/afina/pets");
  }

  private TopologyTestDriver driver(@Nullable String source) {
    Properties properties = new Properties();
    properties.put("application.id", "events");
    properties.put("bootstrap.servers", "none:1");
    properties.put("state.dir", state.toString());
    return new TopologyTestDriver(
        ClassifierTopology.build(
            ConfigLoader.defaults().set("classifier.cloudEvents", source).load(),
            Homes.among(1),
            (picture, type) ->
                new Embedded(new Embedding(Heads.BACKBONE, new float[] {1, 0, 0}), 1, 2),
            new HeadSlot(Heads.BACKBONE, 3, TrustedKeys.anybody()),
            new SimpleMeterRegistry(),
            Traces.off()),
        properties);
  }

  private void image(@Nullable String id, Headers headers) {
    driver
        .createInputTopic(
            TOPICS.images().name(), new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(new TestRecord<>(id == null ? null : bytes(id), PICTURE, headers, ARRIVED));
  }

  private TestOutputTopic<String, byte[]> predictions() {
    return driver.createOutputTopic(
        TOPICS.predictions().name(), new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** As a producer that uses the library sends it. */
  private static Headers headers(CloudEvent event) {
    return KafkaMessageFactory.createWriter("images").writeBinary(event).headers();
  }

  private static CloudEvent event(TestRecord<String, byte[]> prediction) {
    return KafkaMessageFactory.createReader(prediction.headers(), prediction.value()).toEvent();
  }

  private static String text(Headers headers, String name) {
    return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
