package io.afina.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Spans;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Correction;
import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.Prediction;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.kafka.Homes;
import io.afina.metrics.Traces;
import io.afina.model.Heads;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class ClassifierTopologyTest extends TopologyTestBase {

  @Test
  void shouldLookLikeItsGoldenFile() throws IOException {
    assertThat(described(CONFIG)).isEqualTo(golden());
  }

  @Test
  void shouldReadAndWriteTopicsOfItsInstallationOnly() throws IOException {
    // when
    String described = described(ConfigLoader.defaults().set("topics.prefix", "a.").load());

    // then
    assertThat(described)
        .isEqualTo(golden().replace("topics: [", "topics: [a.").replace("topic: ", "topic: a."));
  }

  private String described(AfinaConfig config) {
    return ClassifierTopology.build(
            config, Homes.among(1), new TextEmbedder(), heads, meters, Traces.off())
        .describe()
        .toString()
        .strip();
  }

  private String golden() throws IOException {
    try (InputStream golden =
        Objects.requireNonNull(getClass().getResourceAsStream("topology.txt"))) {
      return new String(golden.readAllBytes(), StandardCharsets.UTF_8).strip();
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
    heads.challenge(8, Heads.file(Heads.identity(8, "ant", "bee", "dog")));

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
    assertThat(first.value().reason()).isEqualTo(ReviewReason.NO_MODEL);
    assertThat(first.value().prediction()).isEqualTo(predictions.readValue());
    assertThat(first.value().vector().orElseThrow()).containsExactly(1, 0, 0);
    TestRecord<String, ReviewItem> second = review.readRecord();
    assertThat(second.key()).isEqualTo("y");
    assertThat(second.value().reason()).isEqualTo(ReviewReason.UNCERTAIN);
    assertThat(second.value().uncertainty()).isEqualTo(1);
    assertThat(second.value().prediction()).isEqualTo(predictions.readValue());
  }

  @Test
  void shouldAskMoreOfWhoAnswers() {
    // given: all that may be asked at once was asked
    for (int i = 0; i < 12; i++) {
      image("first-" + i, distinct(i));
    }
    int asked = review.readKeyValuesToList().size();

    // when: one label that nobody asked for, and one that was
    correct("first-0", "ant", "mia");
    image("second", distinct(12));
    boolean unasked = review.isEmpty();
    correct("first-1", new Correction("ant", "mia", null, null).inAnswerTo(ReviewReason.NO_MODEL));
    for (int i = 0; i < 12; i++) {
      image("third-" + i, distinct(13 + i));
    }

    // then
    assertThat(asked).isBetween(10, 11);
    assertThat(unasked).isTrue();
    assertThat(review.readKeyValuesToList()).hasSizeBetween(8, 11);
  }

  /** No near-duplicates. */
  private static String distinct(int i) {
    return "0 ".repeat(i) + "1" + " 0".repeat(29 - i);
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
}
