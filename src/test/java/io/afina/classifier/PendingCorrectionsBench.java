package io.afina.classifier;

import java.nio.file.Files;
import java.time.Duration;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.TestOutputTopic;

/**
 * Measures looks for late corrections while very many wait, over the topology and its stores on
 * disk. Arguments: how many wait, seconds between two looks, and how many looks.
 */
final class PendingCorrectionsBench extends TopologyTestBase {

  private static final int DRAIN = 1_000;

  private PendingCorrectionsBench() {}

  /** Prints the times of looks while none is late, then while all are. */
  public static void main(String[] args) throws Exception {
    PendingCorrectionsBench bench = new PendingCorrectionsBench();
    bench.start(Files.createTempDirectory("afina-pending-"));
    try {
      for (int i = 0; i < Integer.parseInt(args[0]); i++) {
        bench.correct("image-" + i, "bee", "mia");
        if (i % DRAIN == 0) {
          bench.drain();
        }
      }
      Duration step = Duration.ofSeconds(Integer.parseInt(args[1]));
      bench.looks("none late", step, Integer.parseInt(args[2]));
      bench.looks("all late", Duration.ofHours(2), 1);
      bench.looks("all late", step, Integer.parseInt(args[2]));
    } finally {
      bench.stop();
    }
  }

  private void looks(String when, Duration step, int looks) {
    long longest = 0;
    long all = 0;
    int late = 0;
    for (int look = 0; look < looks; look++) {
      long start = System.nanoTime();
      driver.advanceWallClockTime(step);
      long took = System.nanoTime() - start;
      longest = Math.max(longest, took);
      all += took;
      late += drain();
    }
    System.out.printf(
        "%s: %,d looks %,.0f ms, the longest %.1f ms, %,d late%n",
        when, looks, all / 1e6, longest / 1e6, late);
  }

  /** What the driver keeps of what was written would fill the heap. */
  private int drain() {
    TestOutputTopic<byte[], byte[]> changelog =
        driver.createOutputTopic(
            "test-waiting-changelog", new ByteArrayDeserializer(), new ByteArrayDeserializer());
    if (!changelog.isEmpty()) {
      changelog.readRecordsToList();
    }
    return deadLetters.isEmpty() ? 0 : deadLetters.readRecordsToList().size();
  }
}
