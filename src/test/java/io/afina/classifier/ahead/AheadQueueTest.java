package io.afina.classifier.ahead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.afina.event.DeadLetter.Reason;
import io.afina.event.UnusableRecordException;
import io.afina.source.PictureOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.junit.jupiter.api.Test;

class AheadQueueTest extends AheadTestBase {

  @Test
  void shouldHaveTheResultOfWhatWasPolledAndComputeItOnce() throws Exception {
    // given
    AheadQueue queue = queue(numbers, PictureOrigin.RECORDS);
    List<ConsumerRecord<byte[], byte[]>> polled = polled(ZERO, 5, 1, 2, 3);

    // when
    show(queue, polled);

    // then
    await().untilAsserted(() -> assertThat(numbers.embedded).hasSize(3));
    for (int i = 0; i < 3; i++) {
      assertThat(take(queue, polled.get(i))).isEqualTo(i + 1);
    }
    assertThat(numbers.embedded).hasSize(3);
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void shouldComputeWhatWasNeverShown() throws Exception {
    AheadQueue queue = queue(numbers, PictureOrigin.RECORDS);
    assertThat(take(queue, polled(ZERO, 7, 9).get(0))).isEqualTo(9);
    assertThat(numbers.embedded).containsExactly("9");
  }

  @Test
  void shouldHandOnNothingWhereThereAreNoBatches() throws Exception {
    // given
    Numbers oneByOne = new Numbers(1);
    AheadQueue queue = queue(oneByOne, PictureOrigin.RECORDS);
    List<ConsumerRecord<byte[], byte[]>> polled = polled(ZERO, 0, 1, 2);

    // when
    show(queue, polled);

    // then
    assertThat(queue.bytes()).isZero();
    assertThat(take(queue, polled.get(0))).isEqualTo(1);
    assertThat(oneByOne.embedded).containsExactly("1");
  }

  @Test
  void shouldFailInItsOwnTurnWhatCannotBeUsed() throws Exception {
    // given
    AheadQueue queue = queue(numbers, PictureOrigin.RECORDS);
    List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>(polled(ZERO, 0, 1));
    polled.add(record(ZERO, 1, "no number"));
    polled.add(record(ZERO, 2, ""));
    polled.addAll(polled(ZERO, 3, 4));

    // when
    show(queue, polled);

    // then
    assertThat(take(queue, polled.get(0))).isEqualTo(1);
    assertThatThrownBy(() -> take(queue, polled.get(1)))
        .isInstanceOfSatisfying(
            UnusableRecordException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.NOT_A_PICTURE));
    assertThatThrownBy(() -> take(queue, polled.get(2)))
        .isInstanceOfSatisfying(
            UnusableRecordException.class, e -> assertThat(e.reason()).isEqualTo(Reason.EMPTY));
    assertThat(take(queue, polled.get(3))).isEqualTo(4);
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void shouldDropWhatWasTakenAway() throws Exception {
    // given
    AheadQueue queue = queue(numbers, PictureOrigin.RECORDS);
    List<ConsumerRecord<byte[], byte[]>> stays = polled(ONE, 0, 7);
    show(queue, polled(ZERO, 0, 1, 2));
    show(queue, stays);

    // when
    queue.drop(ZERO);

    // then
    assertThat(queue.bytes()).isEqualTo(1);
    assertThat(take(queue, stays.get(0))).isEqualTo(7);
    assertThat(take(queue, polled(ZERO, 0, 1).get(0))).isEqualTo(1);
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void shouldDropWhatAThreadThatEndsHasPolled() {
    // given
    AheadQueue queue = queue(numbers, PictureOrigin.RECORDS);
    AheadInterceptor interceptor = new AheadInterceptor();
    interceptor.configure(Map.of(AheadInterceptor.QUEUE, queue));
    ConsumerRecords<byte[], byte[]> polled = records(polled(ZERO, 0, 1, 2));

    // when
    assertThat(interceptor.onConsume(polled)).isSameAs(polled);
    assertThat(queue.bytes()).isEqualTo(2);
    interceptor.close();

    // then
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void shouldBeginAnewWithWhatIsPolledAgain() throws Exception {
    // given: an abort, after which the consumer goes back
    AheadQueue queue = queue(numbers, PictureOrigin.RECORDS);
    List<ConsumerRecord<byte[], byte[]>> first = polled(ZERO, 0, 1, 2, 3);
    show(queue, first);
    assertThat(take(queue, first.get(0))).isEqualTo(1);

    // when: the topic was made anew meanwhile, and has other pictures at these offsets
    List<ConsumerRecord<byte[], byte[]>> again = polled(ZERO, 0, 4, 5, 6);
    show(queue, again);

    // then
    assertThat(queue.bytes()).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      assertThat(take(queue, again.get(i))).isEqualTo(4 + i);
    }
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void shouldNotTakeTheResultOfAnotherRecordWithTheSameOffset() throws Exception {
    AheadQueue queue = queue(numbers, PictureOrigin.RECORDS);
    show(queue, polled(ZERO, 0, 1));
    assertThat(take(queue, polled(ZERO, 0, 2).get(0))).isEqualTo(2);
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void shouldForgetWhatWasPassedOver() throws Exception {
    AheadQueue queue = queue(numbers, PictureOrigin.RECORDS);
    List<ConsumerRecord<byte[], byte[]>> polled = polled(ZERO, 0, 1, 2, 3);
    show(queue, polled);
    assertThat(take(queue, polled.get(2))).isEqualTo(3);
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void shouldHoldNoMoreBytesThanItMay() throws Exception {
    // given: 1,500 bytes of records, none of which is ever done
    Numbers stuck = new Numbers(8);
    stuck.holds = new CountDownLatch(1);
    AheadQueue queue = queue(stuck, PictureOrigin.RECORDS);
    List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>();
    for (int offset = 0; offset < 15; offset++) {
      polled.add(record(ZERO, offset, " ".repeat(99) + offset % 10));
    }

    // when
    show(queue, polled);

    // then
    assertThat(queue.bytes()).isEqualTo(BYTES);
    stuck.holds.countDown();
    for (int offset = 0; offset < 15; offset++) {
      assertThat(take(queue, polled.get(offset))).isEqualTo(offset % 10);
    }
    assertThat(queue.bytes()).isZero();
  }
}
