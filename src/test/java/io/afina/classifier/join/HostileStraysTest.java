package io.afina.classifier.join;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.Embedding;
import io.afina.model.Heads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** Whatever somebody else writes to {@code strays} is a stray or a dead letter. */
class HostileStraysTest extends StraysTestBase {

  @Test
  void shouldSetAsideWhateverIsNoStrayAndGoOn() {
    // given
    byte[] image =
        new Stray.Image(new Embedding(Heads.BACKBONE, new float[] {1}), null, 1).toBytes();
    byte[] said = said(TOPICS.corrections().name(), away, 1, BEE);
    List<byte[]> wrong = wrong(image, said);

    // when
    wrong.forEach(value -> fromElsewhere.pipeInput(new TestRecord<>(bytes(away), value)));
    fromElsewhere.pipeInput(new TestRecord<>(null, image));
    fromElsewhere.pipeInput(bytes(away), image);
    fromElsewhere.pipeInput(bytes(away), said);

    // then
    assertThat(training.readValue().label()).isEqualTo("bee");
    List<TestRecord<byte[], byte[]>> letters = deadLetters.readRecordsToList();
    assertThat(letters).hasSize(wrong.size() + 1);
    for (int i = 0; i < wrong.size(); i++) {
      DeadLetter why = DeadLetter.from(letters.get(i).headers());
      assertThat(why.topic()).isEqualTo(TOPICS.strays().name());
      assertThat(why.stage()).isIn(Stage.JOIN, Stage.CORRECTION);
      assertThat(why.reason()).as(why.error()).isEqualTo(Reason.MALFORMED);
      assertThat(letters.get(i).value()).isEqualTo(wrong.get(i));
    }
  }

  @Test
  void shouldSurviveAnyBytes() {
    // given
    Random random = new Random(19);
    byte[] said = said(TOPICS.corrections().name(), away, 1, BEE);
    int count = 5_000;

    // when
    for (int i = 0; i < count; i++) {
      byte[] damaged = said.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      fromElsewhere.pipeInput(bytes(away), damaged);
    }
    fromElsewhere.pipeInput(
        bytes(away),
        new Stray.Image(new Embedding(Heads.BACKBONE, new float[] {1}), null, Long.MIN_VALUE)
            .toBytes());

    // then
    List<TestRecord<byte[], byte[]>> letters = deadLetters.readRecordsToList();
    assertThat(letters).hasSizeBetween(count / 4, count);
    assertThat(letters)
        .allSatisfy(
            letter -> assertThat(DeadLetter.from(letter.headers()).topic()).isEqualTo("strays"));
    assertThat(training.readValuesToList()).isNotEmpty();
  }

  private List<byte[]> wrong(byte[] image, byte[] said) {
    List<byte[]> wrong = new ArrayList<>();
    wrong.add(null);
    for (int length = 0; length < image.length; length++) {
      wrong.add(Arrays.copyOf(image, length));
    }
    for (int length = 0; length < said.length; length++) {
      wrong.add(Arrays.copyOf(said, length));
    }
    wrong.add(Arrays.copyOf(image, image.length + 1));
    wrong.add(Arrays.copyOf(said, said.length + 1));
    wrong.add(with(image, 0, 2));
    wrong.add(with(image, 1, 4));
    wrong.add(with(image, image.length - 2, 0xff));
    wrong.add(with(said, 30, 0x7f));
    wrong.add(said("images", away, 1, BEE));
    wrong.add(said(TOPICS.corrections().name(), home, 1, BEE));
    wrong.add(said(TOPICS.corrections().name(), away, -1, BEE));
    wrong.add(said(TOPICS.corrections().name(), away, 1, "{}"));
    wrong.add(said(TOPICS.corrections().name(), away, 1, BEE + " ".repeat(70_000)));
    return wrong;
  }

  private byte[] said(String topic, String id, long timestamp, String json) {
    List<SourceRecord.RecordHeader> headers =
        List.of(new SourceRecord.RecordHeader("shop", bytes("x")));
    return new Stray.Corrected(
            new SourceRecord(topic, 3, 141, timestamp, bytes(id), bytes(json), headers), timestamp)
        .toBytes();
  }

  private static byte[] with(byte[] bytes, int index, int value) {
    byte[] other = bytes.clone();
    other[index] = (byte) value;
    return other;
  }
}
