package io.afina.classifier.join;

import static io.afina.DefaultTopics.TOPICS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.afina.Spans;
import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.model.Heads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** What arrives away from home, and at home. */
class StraysTest extends StraysTestBase {

  @Test
  void shouldSendNothingOnOfWhatArrivesAtHome() {
    // when
    images.pipeInput(bytes(home), bytes("1 2"));
    corrections.pipeInput(bytes(home), bytes(BEE));
    corrections.pipeInput(new TestRecord<>(bytes(home), null));

    // then
    assertThat(strays.isEmpty()).isTrue();
    assertThat(training.readKeyValuesToList()).hasSize(2);
    assertThat(arrived("image", true)).isEqualTo(1);
    assertThat(arrived("correction", true)).isEqualTo(2);
    assertThat(arrived("image", false) + arrived("correction", false)).isZero();
  }

  @Test
  void shouldSendTheEmbeddingOfAnImageHomeAndNotThePicture() {
    // given
    String picture = "1 2" + " 0".repeat(10_000);
    Headers headers = new RecordHeaders().add("ce_id", bytes("7")).add("other", bytes("8"));
    headers.add("traceparent", bytes(Spans.header(Spans.remote(7))));

    // when
    images.pipeInput(new TestRecord<>(bytes(away), bytes(picture), headers, START));

    // then
    TestRecord<byte[], byte[]> stray = strays.readRecord();
    assertThat(stray.key()).isEqualTo(bytes(away));
    assertThat(stray.value()).hasSizeBetween(10 + 32 + 2 * 10_002, 10 + 32 + 2 * 10_002 + 100);
    assertThat(stray.headers().toArray())
        .extracting(Header::key)
        .containsExactlyInAnyOrder("ce_id", "traceparent");
    assertThat(arrived("image", false)).isEqualTo(1);
    assertThat(strays.isEmpty()).isTrue();

    // and: it is joined there, with its own time
    corrections.pipeInput(bytes(away), bytes(BEE));
    assertThat(training.readValue().embedding().values()).startsWith(1, 2);
  }

  @Test
  void shouldJoinACorrectionThatWasSentHomeAsIfItHadArrivedThere() {
    // given: nothing is known of it here
    Headers headers = new RecordHeaders().add("ce_id", bytes("7"));
    Instant at = START.minusSeconds(5);

    // when
    corrections.pipeInput(new TestRecord<>(bytes(away), bytes(BEE), headers, at));
    assertThat(strays.readRecord().headers().lastHeader("ce_id").value()).isEqualTo(bytes("7"));
    images.pipeInput(bytes(away), bytes("1 2"));

    // then
    TrainingExample example = training.readValue();
    assertThat(example.label()).isEqualTo("bee");
    assertThat(example.at()).isEqualTo(at);
    assertThat(arrived("correction", false)).isEqualTo(1);
  }

  @Test
  void shouldWithdrawAtHomeHoweverLargeTheHeaders() {
    // given
    Headers headers = new RecordHeaders().add("other", new byte[2_000_000]);

    // when
    corrections.pipeInput(new TestRecord<>(bytes(away), null, headers, START));

    // then
    assertThat(strays.readValue()).hasSize(10);
    TestRecord<String, TrainingExample> withdrawn = training.readRecord();
    assertThat(withdrawn.key()).isEqualTo(away);
    assertThat(withdrawn.value()).isNull();
  }

  @Test
  void shouldLeaveNothingOfAnImageThatIsErased() {
    // given: one with a label, one without, one that was never seen and has a label that waits
    String waiting = "unseen";
    images.pipeInput(bytes(away), bytes("1 2"));
    fromElsewhere.pipeInput(
        bytes(away),
        new Stray.Image(new Embedding(Heads.BACKBONE, new float[] {1}), null, 1).toBytes());
    images.pipeInput(bytes(home), bytes("1 2"));
    corrections.pipeInput(bytes(home), bytes(BEE));
    fromElsewhere.pipeInput(bytes(waiting), said(waiting));
    training.readValuesToList();

    // when
    for (String id : List.of(away, home, waiting)) {
      fromElsewhere.pipeInput(bytes(id), new Stray.Erased(START.toEpochMilli()).toBytes());
    }

    // then
    assertThat(training.readKeyValuesToList())
        .extracting(erased -> erased.key, erased -> erased.value)
        .containsExactly(tuple(away, null), tuple(home, null), tuple(waiting, null));
    assertThat(stored()).isEmpty();

    // and: a label that comes now finds no image
    corrections.pipeInput(bytes(home), bytes(BEE));
    assertThat(training.isEmpty()).isTrue();
  }

  private static byte[] said(String id) {
    return new Stray.Corrected(
            new SourceRecord(
                TOPICS.corrections().name(), 1, 2, 3, bytes(id), bytes(BEE), List.of()),
            3)
        .toBytes();
  }

  private List<String> stored() {
    List<String> ids = new ArrayList<>();
    driver.getKeyValueStore(Nodes.LABELLED).all().forEachRemaining(e -> ids.add(e.key.toString()));
    driver.getKeyValueStore(Nodes.WAITING).all().forEachRemaining(e -> ids.add(e.key.toString()));
    driver.getWindowStore(Nodes.EMBEDDINGS).all().forEachRemaining(e -> ids.add(e.key.toString()));
    return ids;
  }

  @Test
  void shouldKeepTheOrderOfWhatOneClientSaysOfAnImage() {
    // given: each is of another image, so that none is known here yet
    List<String> order = new ArrayList<>();
    for (int i = 0; order.size() < 20; i++) {
      if (HOMES.of("image-" + i) == 1) {
        order.add("image-" + i);
      }
    }

    // when
    for (String id : order) {
      corrections.pipeInput(bytes(id), bytes(BEE));
    }

    // then
    assertThat(strays.readRecordsToList())
        .extracting(stray -> new String(stray.key(), UTF_8))
        .containsExactlyElementsOf(order);
  }

  @Test
  void shouldSetACorrectionThatWaitedInVainAsideAsItWasOnItsTopic() {
    // given
    corrections.pipeInput(bytes(home), bytes(BEE));
    Headers headers = new RecordHeaders().add("shop", bytes("x")).add("shop", null);
    corrections.pipeInput(new TestRecord<>(bytes(away), bytes(BEE), headers, START));

    // when
    driver.advanceWallClockTime(PATIENCE.plusMinutes(1));

    // then
    TestRecord<byte[], byte[]> letter =
        deadLetters.readRecordsToList().stream()
            .filter(record -> Arrays.equals(record.key(), bytes(away)))
            .findFirst()
            .orElseThrow();
    DeadLetter why = DeadLetter.from(letter.headers());
    assertThat(why.topic()).isEqualTo(TOPICS.corrections().name());
    assertThat(why.offset()).isEqualTo(1);
    assertThat(why.timestamp()).isEqualTo(START.toEpochMilli());
    assertThat(why.reason()).isEqualTo(Reason.NO_IMAGE);
    assertThat(why.error()).doesNotContain("partition");
    assertThat(letter.value()).isEqualTo(bytes(BEE));
    assertThat(letter.headers().headers("shop")).hasSize(2);
  }

  @Test
  void shouldGoOnJoiningHereWhatWasStoredHereBeforeThereWereHomes() {
    // given: an image that this partition knows
    Embedding embedding = new Embedding(Heads.BACKBONE, new float[] {1, 2});
    fromElsewhere.pipeInput(bytes(away), new Stray.Image(embedding, null, 1).toBytes());
    strays.readRecordsToList();

    // when
    corrections.pipeInput(bytes(away), bytes(BEE));
    images.pipeInput(bytes(away), bytes("3 4"));

    // then
    assertThat(strays.isEmpty()).isTrue();
    assertThat(training.readValuesToList())
        .extracting(example -> example.embedding().values()[0])
        .containsExactly(1f, 3f);
  }
}
