package io.afina.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.afina.event.Correction;
import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.ReviewItem;
import io.afina.event.TrainingExample;
import io.afina.model.Heads;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** What becomes of corrections. */
class JoinTopologyTest extends TopologyTestBase {

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
    correct(
        "x", new Correction("bee", "mia", null, null).inAnswerTo(ReviewItem.ReviewReason.AUDIT));

    // when: unasked; nothing new; asked for another reason
    correct("x", "ant", "ben");
    correct("x", "ant", "ben");
    correct(
        "x",
        new Correction("ant", "ben", null, null).inAnswerTo(ReviewItem.ReviewReason.UNCERTAIN));

    // then
    assertThat(training.readValuesToList())
        .extracting(TrainingExample::label, TrainingExample::asked)
        .containsExactly(
            tuple("bee", ReviewItem.ReviewReason.AUDIT),
            tuple("ant", ReviewItem.ReviewReason.AUDIT),
            tuple("ant", ReviewItem.ReviewReason.UNCERTAIN));
  }

  @Test
  void shouldKnowOfALabelThatItWasCheckedForAsLongAsItStays() {
    // given
    image("x", "1 2 3");
    correct(
        "x", new Correction("bee", "mia", null, null).inAnswerTo(ReviewItem.ReviewReason.AUDIT));

    // when: confirmed, said again unasked, changed
    correct(
        "x", new Correction("bee", "ben", null, null).inAnswerTo(ReviewItem.ReviewReason.SUSPECT));
    correct("x", "bee", "zoe");
    correct("x", "ant", "zoe");

    // then
    assertThat(training.readValuesToList())
        .extracting(TrainingExample::label, TrainingExample::asked, TrainingExample::checked)
        .containsExactly(
            tuple("bee", ReviewItem.ReviewReason.AUDIT, false),
            tuple("bee", ReviewItem.ReviewReason.AUDIT, true),
            tuple("bee", ReviewItem.ReviewReason.AUDIT, true),
            tuple("ant", ReviewItem.ReviewReason.AUDIT, false));
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
  void shouldChangeALabelHoweverLateTheCorrectionComes() {
    // given
    image("x", "1 2 3");
    correct("x", "bee", "mia");

    // when: years after the embeddings of images without a label were forgotten
    driver.advanceWallClockTime(Duration.ofDays(400));
    image("y", "3 2 1");
    driver.advanceWallClockTime(Duration.ofDays(400));
    correct("x", "ant", "ben");

    // then
    assertThat(training.readValuesToList())
        .extracting(TrainingExample::label)
        .containsExactly("bee", "ant");
    driver.advanceWallClockTime(Duration.ofDays(2));
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void shouldTakeALabelThatWasWithdrawnAgainForAsLongAsItsImageIsKnown() {
    // given
    image("x", "1 2 3");
    correct("x", "bee", "mia");
    driver.advanceWallClockTime(Duration.ofDays(400));
    corrections.pipeInput(new TestRecord<>(bytes("x"), (byte[]) null));

    // when
    driver.advanceWallClockTime(Duration.ofDays(6));
    correct("x", "ant", "ben");

    // then
    assertThat(training.readKeyValuesToList()).hasSize(3);
    driver.advanceWallClockTime(Duration.ofDays(2));
    assertThat(deadLetters.isEmpty()).isTrue();
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
}
