package io.afina.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.afina.Spans;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Correction;
import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.Prediction;
import io.afina.event.ReviewItem;
import io.afina.event.Topic;
import io.afina.event.Topics;
import io.afina.event.TrainingExample;
import io.afina.metrics.Traces;
import io.afina.model.Head;
import io.afina.model.HeadFile;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.SwapResult;
import io.afina.topic.Schemas;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierTopologyTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final AfinaConfig CONFIG =
      ConfigLoader.defaults()
          .set("classifier.embeddingRetention", "7d")
          .set("classifier.correctionPatience", "1h")
          .set("pictures.maxKeyBytes", 20)
          .load();

  private final HeadSlot heads = new HeadSlot(Heads.BACKBONE, 3);
  private final Schemas schemas = new Schemas();
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> images;
  private TestInputTopic<byte[], byte[]> corrections;
  private TestOutputTopic<String, Prediction> predictions;
  private TestOutputTopic<String, TrainingExample> training;
  private TestOutputTopic<String, ReviewItem> review;
  private TestOutputTopic<byte[], byte[]> deadLetters;

  @BeforeEach
  void start(@TempDir Path state) {
    Properties properties = new Properties();
    properties.put("application.id", "test");
    properties.put("bootstrap.servers", "none:1");
    properties.put("state.dir", state.toString());
    Topology topology =
        ClassifierTopology.build(CONFIG, new TextEmbedder(), heads, meters, Traces.off());
    driver = new TopologyTestDriver(topology, properties, START);
    images = input(Topics.IMAGES);
    corrections = input(Topics.CORRECTIONS);
    predictions = output(Topics.PREDICTIONS);
    training = output(Topics.TRAINING);
    review = output(Topics.REVIEW);
    deadLetters = output(Topics.DEAD_LETTERS);
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void shouldLookLikeItsGoldenFile() throws IOException {
    // given
    Topology topology =
        ClassifierTopology.build(CONFIG, new TextEmbedder(), heads, meters, Traces.off());

    // then
    try (InputStream golden =
        Objects.requireNonNull(getClass().getResourceAsStream("topology.txt"))) {
      assertThat(topology.describe().toString().strip())
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8).strip());
    }
  }

  @Test
  void shouldCountWhatBecomesOfImagesAndCorrections() {
    // when
    image("cat-1", "1 0 0");
    image("cat-2", "");
    swap(Heads.identity(7, "ant", "bee", "cat"));
    image("cat-3", "0 0 1");
    correct("cat-1", "cat", "mia");
    correct("cat-1", "cat", "mia");
    correct("cat-9", "cat", "mia");
    driver.advanceWallClockTime(Duration.ofHours(2));

    // then
    assertThat(count("afina.images", "outcome", "no-model")).isOne();
    assertThat(count("afina.images", "outcome", "predicted")).isOne();
    assertThat(count("afina.images", "outcome", "dead-letter")).isOne();
    assertThat(count("afina.dead.letters", "reason", "empty")).isOne();
    assertThat(count("afina.corrections", "outcome", "joined")).isOne();
    assertThat(count("afina.corrections", "outcome", "repeated")).isOne();
    assertThat(count("afina.corrections", "outcome", "waiting")).isOne();
    assertThat(count("afina.corrections", "outcome", "expired")).isOne();
    assertThat(count("afina.dead.letters", "reason", "no-image")).isOne();
    assertThat(count("afina.review.asked", "reason", "no-model")).isOne();
    assertThat(meters.get("afina.image.latency").timer().count()).isEqualTo(2);
    assertThat(meters.get("afina.corrections.waiting").gauge().value()).isZero();
  }

  private double count(String meter, String tag, String value) {
    return meters.get(meter).tag(tag, value).counter().count();
  }

  @Test
  void shouldSayThatNobodyAnswersBeforeThereIsAHead() {
    // when
    image("cat-1", "1 0 0");

    // then
    Prediction prediction = predictions.readValue();
    assertThat(prediction.label()).isNull();
    assertThat(prediction.head()).isNull();
    assertThat(prediction.top()).isEmpty();
    assertThat(prediction.backbone()).isEqualTo(Heads.BACKBONE);
  }

  @Test
  void shouldAnswerWithTheHeadThatIsInPlace() {
    // given
    swap(Heads.identity(7, "ant", "bee", "cat"));

    // when
    image("x", "0 0 9");

    // then
    Prediction prediction = predictions.readValue();
    assertThat(prediction.label()).isEqualTo("cat");
    assertThat(prediction.confidence()).isGreaterThan(0.99);
    assertThat(prediction.margin()).isGreaterThan(0.99);
    assertThat(prediction.top())
        .extracting(Prediction.Score::label)
        .containsExactly("cat", "ant", "bee");
    assertThat(prediction.head()).isEqualTo(7);
    assertThat(prediction.image()).isEqualTo(new Prediction.Position(0, 0, START.toEpochMilli()));
  }

  @Test
  void shouldLetTheChallengerSayWhatItThinksOfTheSameEmbedding() {
    // given
    swap(Heads.identity(7, "ant", "bee", "cat"));
    heads.challenge(8, HeadFile.write(Heads.identity(8, "ant", "bee", "dog")));

    // when
    image("x", "0 0 9");
    heads.dismissChallenger();
    image("y", "0 0 9");

    // then
    Prediction both = predictions.readValue();
    assertThat(both.label()).isEqualTo("cat");
    assertThat(both.shadow())
        .isEqualTo(new Prediction.Shadow(8, "dog", Objects.requireNonNull(both.confidence())));
    assertThat(predictions.readValue().shadow()).isNull();
  }

  @Test
  void shouldAskPeopleAboutTheFirstImagesAndAboutWhatTheHeadHesitatesOn() {
    // when
    image("x", "1 0 0");
    swap(Heads.identity(7, "ant", "bee", "cat"));
    image("y", "0 1 1");

    // then
    TestRecord<String, ReviewItem> first = review.readRecord();
    assertThat(first.key()).isEqualTo("x");
    assertThat(first.value().reason()).isEqualTo(ReviewItem.ReviewReason.NO_MODEL);
    assertThat(first.value().prediction()).isEqualTo(predictions.readValue());
    TestRecord<String, ReviewItem> second = review.readRecord();
    assertThat(second.key()).isEqualTo("y");
    assertThat(second.value().reason()).isEqualTo(ReviewItem.ReviewReason.UNCERTAIN);
    assertThat(second.value().uncertainty()).isEqualTo(1);
    assertThat(second.value().prediction()).isEqualTo(predictions.readValue());
  }

  @Test
  void shouldCarryTimestampAndTraceToThePredictionButNotTheContentType() {
    // given
    String trace = Spans.header(Spans.remote(7));
    RecordHeaders headers = new RecordHeaders();
    headers.add("traceparent", bytes(trace)).add("content-type", bytes("image/jpeg"));

    // when
    images.pipeInput(new TestRecord<>(bytes("x"), bytes("1 2 3"), headers, 1234L));

    // then
    assertThat(Spans.header(review.readRecord().headers())).isEqualTo(trace);
    TestRecord<String, Prediction> prediction = predictions.readRecord();
    assertThat(prediction.timestamp()).isEqualTo(1234);
    assertThat(Spans.header(prediction.headers())).isEqualTo(trace);
    assertThat(prediction.headers().lastHeader("content-type")).isNull();
  }

  @Test
  void shouldJoinACorrectionWithTheEmbeddingOfItsImage() {
    // when
    image("x", "1 2 3");
    correct("x", "bee", "mia");

    // then
    TestRecord<String, TrainingExample> example = training.readRecord();
    assertThat(example.key()).isEqualTo("x");
    assertThat(example.value().label()).isEqualTo("bee");
    assertThat(example.value().labeller()).isEqualTo("mia");
    assertThat(example.value().embedding().values()).containsExactly(1, 2, 3);
    assertThat(example.value().embedding().backbone()).isEqualTo(Heads.BACKBONE);
  }

  @Test
  void shouldKnowOfAnExampleThatChanceDrewItAlsoOnceAnAnswerIsCorrected() {
    // given
    image("x", "1 2 3");
    correct("x", Correction.of("bee", "mia").inAnswerTo(ReviewItem.ReviewReason.AUDIT));

    // when: unasked; nothing new; asked for another reason
    correct("x", "ant", "ben");
    correct("x", "ant", "ben");
    correct("x", Correction.of("ant", "ben").inAnswerTo(ReviewItem.ReviewReason.UNCERTAIN));

    // then
    assertThat(training.readValuesToList())
        .extracting(TrainingExample::label, TrainingExample::asked)
        .containsExactly(
            tuple("bee", ReviewItem.ReviewReason.AUDIT),
            tuple("ant", ReviewItem.ReviewReason.AUDIT),
            tuple("ant", ReviewItem.ReviewReason.UNCERTAIN));
  }

  @Test
  void shouldHoldACorrectionUntilItsImageComes() {
    // given
    correct("x", "bee", "mia");
    assertThat(training.isEmpty()).isTrue();

    // when
    image("x", "1 2 3");

    // then
    assertThat(training.readValue().label()).isEqualTo("bee");
  }

  @Test
  void shouldReplaceAnEarlierCorrectionAndIgnoreTheSameAgain() {
    // given
    image("x", "1 2 3");
    correct("x", "bee", "mia");

    // when
    correct("x", "bee", "mia");
    correct("x", "ant", "mia");

    // then
    assertThat(training.readValuesToList())
        .extracting(TrainingExample::label)
        .containsExactly("bee", "ant");
  }

  @Test
  void shouldRemoveTheExampleOfAWithdrawnCorrection() {
    // given
    image("x", "1 2 3");
    correct("x", "bee", "mia");
    training.readValue();

    // when
    corrections.pipeInput(new TestRecord<>(bytes("x"), (byte[]) null));
    image("x", "3 2 1");

    // then
    assertThat(training.readKeyValuesToList())
        .singleElement()
        .satisfies(e -> assertThat(e.value).isNull());
  }

  @Test
  void shouldLetTheExampleFollowTheNewerPicture() {
    // given
    image("x", "1 2 3");
    correct("x", "bee", "mia");
    training.readValue();

    // when
    image("x", "3 2 1");

    // then
    TrainingExample example = training.readValue();
    assertThat(example.label()).isEqualTo("bee");
    assertThat(example.embedding().values()).containsExactly(3, 2, 1);
  }

  @Test
  void shouldKeepAnEmbeddingForDays() {
    // given
    image("x", "1 2 3");

    // when
    driver.advanceWallClockTime(Duration.ofDays(6));
    correct("x", "bee", "mia");

    // then
    assertThat(training.readValue().label()).isEqualTo("bee");
  }

  @Test
  void shouldGiveUpOnACorrectionWhoseImageNeverComes() {
    // given
    correct("x", "bee", "mia");

    // when
    driver.advanceWallClockTime(Duration.ofMinutes(59));
    assertThat(deadLetters.isEmpty()).isTrue();
    driver.advanceWallClockTime(Duration.ofMinutes(5));

    // then
    TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
    DeadLetter why = DeadLetter.from(letter.headers());
    assertThat(letter.key()).isEqualTo(bytes("x"));
    assertThat(new String(letter.value(), StandardCharsets.UTF_8)).contains("bee");
    assertThat(why.topic()).isEqualTo("corrections");
    assertThat(why.stage()).isEqualTo(Stage.JOIN);
    assertThat(why.reason()).isEqualTo(Reason.NO_IMAGE);
    image("x", "1 2 3");
    assertThat(training.isEmpty()).isTrue();
  }

  @Test
  void shouldSetAsideWhatIsNoPictureAndGoOn() {
    // when
    RecordHeaders headers = new RecordHeaders();
    headers.add("upstream", bytes("shop"));
    images.pipeInput(new TestRecord<>(bytes("x"), bytes("no numbers"), headers, 99L));
    image("y", "1 2 3");

    // then
    TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
    assertThat(letter.value()).isEqualTo(bytes("no numbers"));
    assertThat(letter.headers().lastHeader("upstream").value()).isEqualTo(bytes("shop"));
    DeadLetter why = DeadLetter.from(letter.headers());
    assertThat(why.topic()).isEqualTo("images");
    assertThat(why.offset()).isZero();
    assertThat(why.timestamp()).isEqualTo(99);
    assertThat(why.reason()).isEqualTo(Reason.NOT_A_PICTURE);
    assertThat(predictions.readRecord().key()).isEqualTo("y");
    assertThat(predictions.isEmpty()).isTrue();
  }

  @Test
  void shouldSetAsideRecordsWithoutAUsableKeyOrValue() {
    // when
    images.pipeInput(new TestRecord<>(null, bytes("1 2 3")));
    images.pipeInput(new byte[] {(byte) 0xff}, bytes("1 2 3"));
    images.pipeInput(bytes("k".repeat(21)), bytes("1 2 3"));
    images.pipeInput(new TestRecord<>(bytes("x"), (byte[]) null));

    // then
    assertThat(deadLetters.readRecordsToList())
        .extracting(letter -> DeadLetter.from(letter.headers()).reason())
        .containsExactly(Reason.NO_KEY, Reason.BAD_KEY, Reason.KEY_TOO_LONG, Reason.EMPTY);
    assertThat(predictions.isEmpty()).isTrue();
  }

  @Test
  void shouldSetAsideMalformedCorrections() {
    // when
    for (String json :
        new String[] {"{", "[]", "null", "{\"label\":7}", "{\"label\":\" \"}", "{}"}) {
      corrections.pipeInput(bytes("x"), bytes(json));
    }

    // then
    assertThat(deadLetters.readRecordsToList())
        .hasSize(6)
        .allSatisfy(
            letter ->
                assertThat(DeadLetter.from(letter.headers()).reason()).isEqualTo(Reason.MALFORMED));
  }

  private void image(String id, String numbers) {
    images.pipeInput(bytes(id), bytes(numbers));
  }

  private void correct(String id, String label, String labeller) {
    correct(id, Correction.of(label, labeller));
  }

  private void correct(String id, Correction correction) {
    corrections.pipeInput(
        bytes(id), Topics.CORRECTIONS.values().serializer().serialize("", correction));
  }

  private void swap(Head head) {
    assertThat(heads.swap(head.version(), HeadFile.write(head)))
        .isInstanceOf(SwapResult.Swapped.class);
  }

  private TestInputTopic<byte[], byte[]> input(Topic<?, ?> topic) {
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

  private static byte[] bytes(String text) {
    return Serdes.String().serializer().serialize("", text);
  }
}
