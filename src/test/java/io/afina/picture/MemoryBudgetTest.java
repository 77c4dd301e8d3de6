package io.afina.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.event.DeadLetter.Reason;
import io.afina.event.UnusableRecordException;
import io.afina.picture.MemoryBudget.Share;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

  private static final int MB = 1 << 20;
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final MemoryBudget budget = new MemoryBudget("pictures.key", 16 * MB, 3 * MB, LONG);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void shouldLetAThreadWaitForItsShare() throws Exception {
    // given
    Share first = budget.take(8 * MB, 1000, 1000);
    CompletableFuture<Share> second = take(8 * MB);

    // when
    boolean waited = !second.isDone();
    first.close();

    // then
    assertThat(waited).isTrue();
    second.get(20, TimeUnit.SECONDS).close();
  }

  @Test
  void shouldNotLetASmallPictureWaitForLargeOnes() throws Exception {
    // given
    Share large = budget.take(12 * MB, 1000, 1000);
    CompletableFuture<Share> waiting = take(12 * MB);

    // when
    Share small = take(MB).get(20, TimeUnit.SECONDS);

    // then
    assertThat(waiting).isNotDone();
    small.close();
    large.close();
    waiting.get(20, TimeUnit.SECONDS).close();
  }

  @Test
  void shouldNeverGiveMoreThanItHas() throws Exception {
    // given
    AtomicLong held = new AtomicLong();
    AtomicLong most = new AtomicLong();

    // when
    CompletableFuture<?>[] all = new CompletableFuture<?>[200];
    for (int i = 0; i < all.length; i++) {
      long bytes = (1 + i % 12) * (long) MB;
      all[i] =
          CompletableFuture.runAsync(
              () -> {
                try {
                  Share share = budget.take(bytes, 1, 1);
                  most.accumulateAndGet(held.addAndGet(bytes), Math::max);
                  held.addAndGet(-bytes);
                  share.close();
                } catch (UnusableRecordException e) {
                  throw new IllegalStateException(e);
                }
              },
              threads);
    }
    CompletableFuture.allOf(all).get(60, TimeUnit.SECONDS);

    // then
    assertThat(most.get()).isBetween((long) MB, 16L * MB);
    budget.take(12 * MB, 1, 1).close();
  }

  @Test
  void shouldRefuseWhatCanNeverFitAndSayWhatWould() {
    assertThatThrownBy(() -> budget.take(24 * MB, 4000, 3000))
        .isInstanceOfSatisfying(
            UnusableRecordException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_PIXELS))
        .hasMessageContaining("4,000 x 3,000 pixels")
        .hasMessageContaining("pictures.key")
        .hasMessageContaining("enough for 6,000,000 pixels of this kind");
  }

  @Test
  void shouldSetAPictureAsideRatherThanWaitForLongerThanAPollMayTake() throws Exception {
    MemoryBudget hasty = new MemoryBudget("pictures.key", 16 * MB, 3 * MB, Duration.ofMillis(20));
    Share all = hasty.take(12 * MB, 1, 1);
    assertThatThrownBy(() -> hasty.take(8 * MB, 4000, 3000))
        .hasMessageContaining("did not come free")
        .hasMessageContaining("replay it");
    all.close();
    hasty.take(8 * MB, 4000, 3000).close();
  }

  @Test
  void shouldKeepTheInterruptOfAThreadThatWaits() throws Exception {
    Thread.currentThread().interrupt();
    try (Share share = budget.take(8 * MB, 1, 1)) {
      assertThat(Thread.interrupted()).isTrue();
      assertThat(share).isNotNull();
    }
  }

  private CompletableFuture<Share> take(long bytes) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return budget.take(bytes, 1000, 1000);
          } catch (UnusableRecordException e) {
            throw new IllegalStateException(e);
          }
        },
        threads);
  }
}
