package io.afina.classifier.ahead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.afina.lifecycle.ThreadWatch;
import io.afina.source.PictureOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What is elsewhere, and threads that end. */
class AheadWorkersTest extends AheadTestBase {

  @Test
  void shouldFetchAheadWithoutBatchesToo() throws Exception {
    // given: references, of which four are fetched at once
    Elsewhere elsewhere = new Elsewhere(4, 1);
    AheadQueue queue = queue(new Numbers(1), elsewhere);
    List<ConsumerRecord<byte[], byte[]>> polled = polled(ZERO, 0, 1, 2, 3, 4);

    // when
    show(queue, polled);

    // then: none would come back alone
    for (int i = 0; i < 4; i++) {
      assertThat(take(queue, polled.get(i))).isEqualTo(i + 1);
    }
    assertThat(elsewhere.fetched).hasValue(4);
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void shouldFetchAndThenEmbedInBatches() throws Exception {
    Elsewhere elsewhere = new Elsewhere(2, 1);
    AheadQueue queue = queue(numbers, elsewhere);
    List<ConsumerRecord<byte[], byte[]>> polled = polled(ZERO, 0, 1, 2);
    show(queue, polled);
    await().untilAsserted(() -> assertThat(numbers.embedded).hasSize(2));
    assertThat(take(queue, polled.get(0))).isEqualTo(1);
    assertThat(take(queue, polled.get(1))).isEqualTo(2);
    assertThat(elsewhere.fetched).hasValue(2);
  }

  @Test
  void shouldCountWhatWasFetchedAndGoOnWithoutRoom() throws Exception {
    // given: each fetched picture takes all the room there is
    Elsewhere large = new Elsewhere(1, (int) BYTES);
    AheadQueue queue = queue(new Numbers(1), large);
    List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>();
    for (int offset = 0; offset < 20; offset++) {
      polled.add(record(offset % 2 == 0 ? ZERO : ONE, offset, "3"));
    }

    // when
    show(queue, polled);

    // then: those that are being fetched come on top
    await().untilAsserted(() -> assertThat(queue.bytes()).isGreaterThan(BYTES));
    assertThat(queue.bytes()).isLessThanOrEqualTo(20 + 4 * BYTES);
    for (int offset = 0; offset < 20; offset++) {
      assertThat(take(queue, polled.get(offset))).isEqualTo(3);
    }
    assertThat(queue.bytes()).isZero();
  }

  @Test
  void shouldLetNobodyWaitForAThreadThatDied() throws Exception {
    try (ThreadWatch watch = new ThreadWatch()) {
      // given
      OutOfMemoryError error = new OutOfMemoryError("Cannot reserve direct buffer memory");
      numbers.dies = error;
      AheadQueue queue = queue(numbers, PictureOrigin.RECORDS);
      List<ConsumerRecord<byte[], byte[]>> polled = polled(ZERO, 0, 1);

      // when
      show(queue, polled);

      // then
      assertThatThrownBy(() -> watch.failed().get(20, TimeUnit.SECONDS)).hasCause(error);
      assertThatThrownBy(() -> take(queue, polled.get(0)))
          .isInstanceOf(IllegalStateException.class)
          .hasRootCause(error);
    }
  }

  @Test
  void shouldLetNobodyWaitForWhatIsNotBegunWhenItCloses() throws Exception {
    // given: workers that are all busy
    Elsewhere never = new Elsewhere(100, 1);
    AheadQueue queue = queue(new Numbers(1), never);
    List<ConsumerRecord<byte[], byte[]>> polled = polled(ZERO, 0, 1, 2, 3, 4, 5, 6, 7, 8);
    show(queue, polled);
    await().untilAsserted(() -> assertThat(never.fetched).hasValue(4));
    AtomicReference<Thread> taker = new AtomicReference<>();
    CompletableFuture<Float> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              taker.set(Thread.currentThread());
              return takeUnchecked(queue, polled.get(0));
            },
            threads);
    await().until(() -> taker.get() != null && taker.get().getState() == Thread.State.WAITING);

    // when
    queue.close();

    // then
    assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(InterruptedException.class);
    assertThat(queue.bytes()).isZero();
  }
}
