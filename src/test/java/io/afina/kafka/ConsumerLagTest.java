package io.afina.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.kafka.ConsumerLag.Position;
import io.afina.kafka.ConsumerLag.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ConsumerLagTest {

  private static final TopicPartition ONE = new TopicPartition("images", 0);
  private static final TopicPartition TWO = new TopicPartition("images", 1);
  private static final TopicPartition OTHER = new TopicPartition("corrections", 0);

  private Instant now = Instant.EPOCH;
  private final ConsumerLag backlog = new ConsumerLag(() -> now);

  @Test
  void shouldCountWhatWaitsInAllPartitionsOfATopic() {
    backlog.observe(Map.of(ONE, at(5, 12), TWO, at(3, 4), OTHER, at(0, 100)));
    assertThat(backlog.records("images")).isEqualTo(8);
    assertThat(backlog.records("corrections")).isEqualTo(100);
  }

  @Test
  void shouldStandStillSinceRecordsWaitWithoutProgress() {
    backlog.observe(Map.of(ONE, at(5, 5)));
    after(60);
    backlog.observe(Map.of(ONE, at(5, 6)));
    after(10);
    backlog.observe(Map.of(ONE, at(5, 9)));
    after(1);
    assertThat(backlog.standstillMillis("images")).isEqualTo(11_000);
  }

  @Test
  void shouldMoveAgainWithTheFirstRecordThatIsDealtWith() {
    backlog.observe(Map.of(ONE, at(5, 9)));
    after(60);
    backlog.observe(Map.of(ONE, at(6, 9)));
    after(2);
    assertThat(backlog.standstillMillis("images")).isEqualTo(2_000);
  }

  @Test
  void shouldNotStandStillWhereNothingWaits() {
    backlog.observe(Map.of(ONE, at(5, 5)));
    after(3600);
    backlog.observe(Map.of(ONE, at(5, 5)));
    assertThat(backlog.standstillMillis("images")).isZero();
    assertThat(backlog.records("images")).isZero();
  }

  @Test
  void shouldTellTheLongestStandstillThoughOthersMove() {
    backlog.observe(Map.of(ONE, at(5, 9), TWO, at(0, 9)));
    after(30);
    backlog.observe(Map.of(ONE, at(5, 9), TWO, at(8, 20)));
    assertThat(backlog.standstillMillis("images")).isEqualTo(30_000);
  }

  @Test
  void shouldSayWhichPartitionStandsStillAndWhere() {
    backlog.observe(Map.of(ONE, at(5, 9), TWO, at(0, 9)));
    after(61);
    backlog.observe(Map.of(ONE, at(5, 10), TWO, at(8, 20)));
    assertThat(backlog.standing(Duration.ofMinutes(1)))
        .hasValue(new Standing(ONE, at(5, 10), Instant.EPOCH));
    assertThat(backlog.standing(Duration.ofMinutes(2))).isEmpty();
  }

  @Test
  void shouldForgetPartitionsThatWentToAnotherProcess() {
    backlog.observe(Map.of(ONE, at(5, 9)));
    after(30);
    backlog.observe(Map.of());
    assertThat(backlog.standstillMillis("images")).isZero();
  }

  @Test
  void shouldTellHowLongTheClusterHasBeenSilent() {
    after(3);
    backlog.observe(Map.of());
    after(20);
    assertThat(backlog.silentMillis()).isEqualTo(20_000);
  }

  @Test
  void shouldTellTheAgeOfTheOldestRecordAndTheFullestPartition() {
    after(100);
    backlog.observe(
        Map.of(
            ONE, new Position(5, 9, 40_000L),
            TWO, new Position(0, 9, 70_000L),
            OTHER, new Position(9, 9, null)));
    assertThat(backlog.oldestMillis("images")).isEqualTo(60_000);
    assertThat(backlog.mostRecords("images")).isEqualTo(9);
    assertThat(backlog.oldestMillis("corrections")).isZero();
  }

  private static Position at(long done, long end) {
    return new Position(done, end, null);
  }

  private void after(int seconds) {
    now = now.plusSeconds(seconds);
  }
}
