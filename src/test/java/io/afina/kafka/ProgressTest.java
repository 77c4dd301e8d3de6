package io.afina.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.kafka.ConsumerLag.Position;
import io.afina.kafka.ConsumerLag.Standing;
import io.afina.kafka.Progress.Sight;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private static final Duration TICK = Duration.ofSeconds(5);
  private static final Duration BOUND = Duration.ofMinutes(1);
  private static final int TICKS = (int) BOUND.dividedBy(TICK);
  private static final Sight RUNNING = new Sight("RUNNING", true, 0, Map.of());

  private final Progress progress = new Progress(BOUND);

  @Test
  void shouldSayThatAPartitionStandsStillThoughItsNextRecordCanBeRead() {
    assertThat(after(TICKS, RUNNING, at(7))).isEmpty();
    assertThat(after(1, RUNNING, at(7))).contains("images-0 stands still at offset 7");
  }

  @Test
  void shouldBeContentWithAnyProgressOfAPartition() {
    after(TICKS, RUNNING, at(7));
    assertThat(after(TICKS, RUNNING, at(8))).isEmpty();
    assertThat(after(TICKS, RUNNING, at(9))).isEmpty();
  }

  @Test
  void shouldNotBlameTheProcessForWhatNobodyCanRead() {
    assertThat(after(10 * TICKS, RUNNING, at(7, null))).isEmpty();
  }

  @Test
  void shouldBeContentWithAnEmptyTopic() {
    assertThat(after(100 * TICKS, RUNNING)).isEmpty();
  }

  @Test
  void shouldNotCountTheTimeInWhichTheClusterDoesNotAnswer() {
    after(TICKS, RUNNING, at(7));
    progress.forget();
    assertThat(after(TICKS, RUNNING, at(7))).isEmpty();
  }

  @Test
  void shouldSayThatAThreadDoesNotComeBackThoughOthersDo() {
    Sight sight =
        new Sight(
            "RUNNING", true, 0, Map.of("one", Duration.ofHours(1), "two", Duration.ofSeconds(1)));
    assertThat(after(TICKS + 1, sight)).contains("one does not come back");
  }

  @Test
  void shouldBeContentWithThreadsThatPollOnceInAWhile() {
    Sight slow = new Sight("RUNNING", true, 0, Map.of("one", Duration.ofSeconds(50)));
    for (int i = 0; i < 10; i++) {
      assertThat(after(TICKS - 1, slow)).isEmpty();
      assertThat(after(1, new Sight("RUNNING", true, 0, Map.of("one", Duration.ZERO)))).isEmpty();
    }
  }

  @Test
  void shouldGiveAGroupTwiceAsLongToTakeTheProcessIn() {
    Sight rebalancing = new Sight("REBALANCING", false, 0, Map.of());
    assertThat(after(2 * TICKS, rebalancing)).isEmpty();
    assertThat(after(1, rebalancing)).contains("the streams are REBALANCING");
  }

  @Test
  void shouldTakeARestoreAndAThreadThatIsReplacedForProgress() {
    for (int steps = 1; steps < 10; steps++) {
      assertThat(after(TICKS, new Sight("REBALANCING", false, steps, Map.of()), at(7))).isEmpty();
    }
  }

  private Optional<String> after(int ticks, Sight sight, Standing... standing) {
    Optional<String> last = Optional.empty();
    for (int i = 0; i < ticks && last.isEmpty(); i++) {
      last = progress.observe(TICK, sight, List.of(standing));
    }
    return last;
  }

  private static Standing at(long offset) {
    return at(offset, 0L);
  }

  /** More and more wait. */
  private static Standing at(long offset, @Nullable Long oldest) {
    return new Standing(
        new TopicPartition("images", 0),
        new Position(offset, offset + System.nanoTime(), oldest),
        Instant.now());
  }
}
