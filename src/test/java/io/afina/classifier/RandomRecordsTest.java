package io.afina.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Reason;
import io.afina.metrics.CorrectionMeters.Outcome;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/**
 * Records of any key, value, headers and time: nothing ends, and each has its outcome, once. {@code
 * -Dafina.records} says how many; {@code -Pnightly} takes 100,000.
 */
class RandomRecordsTest extends TopologyTestBase {

  private static final int RECORDS = Integer.getInteger("afina.records", 10_000);
  private static final long SEED = Long.getLong("afina.seed", 18);
  private static final int BETWEEN_LOOKS = 500;

  private final RandomRecords records = new RandomRecords(SEED);
  private int predicted;
  private int setAside;
  private int expired;

  @Test
  void shouldGiveEachRecordOneOutcome() {
    for (int i = 0; i < RECORDS; i++) {
      TestRecord<byte[], byte[]> record = records.next();
      if (records.coin()) {
        images.pipeInput(record);
        assertThat(outcomesOfImage(record)).as("%d: %s", i, record).isOne();
      } else {
        double before = corrected();
        corrections.pipeInput(record);
        assertThat(outcomesOfCorrection(record) + corrected() - before)
            .as("%d: %s", i, record)
            .isOne();
      }
      if (i % BETWEEN_LOOKS == 0) {
        driver.advanceWallClockTime(Duration.ofMinutes(7));
        readExpired();
      }
    }

    // then: whatever waited was given up in the end
    driver.advanceWallClockTime(Duration.ofHours(2));
    driver.advanceWallClockTime(Duration.ofHours(2));
    readExpired();
    assertThat(meters.get("afina.corrections.waiting").gauge().value()).isZero();
    assertThat((double) expired).isEqualTo(count(Outcome.EXPIRED));
    assertThat(List.of(predicted, setAside, expired)).allMatch(some -> some > RECORDS / 50);
  }

  private int outcomesOfImage(TestRecord<byte[], byte[]> record) {
    int here = predictions.readRecordsToList().size();
    training.readRecordsToList();
    review.readRecordsToList();
    predicted += here;
    return here + deadLettersOf(record);
  }

  private int outcomesOfCorrection(TestRecord<byte[], byte[]> record) {
    training.readRecordsToList();
    return deadLettersOf(record);
  }

  /** As many as there are, each with the record's own bytes. */
  private int deadLettersOf(TestRecord<byte[], byte[]> record) {
    List<TestRecord<byte[], byte[]>> letters = deadLetters.readRecordsToList();
    for (TestRecord<byte[], byte[]> letter : letters) {
      assertThat(letter.key()).isEqualTo(record.key());
      assertThat(letter.value()).isEqualTo(record.value());
    }
    setAside += letters.size();
    return letters.size();
  }

  private void readExpired() {
    for (TestRecord<byte[], byte[]> letter : deadLetters.readRecordsToList()) {
      assertThat(DeadLetter.from(letter.headers()).reason()).isEqualTo(Reason.NO_IMAGE);
      expired++;
    }
  }

  /** Corrections that became something at once. */
  private double corrected() {
    return count(Outcome.WAITING)
        + count(Outcome.JOINED)
        + count(Outcome.REPEATED)
        + count(Outcome.WITHDRAWN);
  }

  private double count(Outcome outcome) {
    return meters.get("afina.corrections").tag("outcome", outcome.text()).counter().count();
  }
}
