package io.afina.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.afina.model.layer.Dense;
import io.afina.model.layer.Landmarks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A head leaves nothing behind outside the heap: it has nothing there. */
class SwapMemoryTest {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int INPUTS = 1280;
  private static final int LABELS = 10;

  /** In MB; peers that leak lose this much in some hundred swaps. */
  private static final long BOUND = 64;

  private final HeadSlot slot = new HeadSlot(Heads.BACKBONE, INPUTS, TrustedKeys.anybody());
  private final Random random = new Random(3);

  @Test
  void shouldLeaveMemoryFlatOverAThousandSwaps() throws IOException {
    assumeThat(STATUS).exists();
    swap(1, 500); // the heap takes what it will need
    long before = resident();

    swap(501, 1000);

    assertThat(slot.head().map(Head::version)).contains(1500L);
    assertThat(resident() - before).isLessThan(BOUND);
  }

  private void swap(long from, int count) {
    for (long version = from; version < from + count; version++) {
      slot.swap(version, Heads.file(version % 2 == 0 ? head(version) : kernel(version)));
    }
  }

  private Head head(long version) {
    float[] rows = new float[INPUTS * LABELS];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    String[] labels = new String[LABELS];
    for (int label = 0; label < LABELS; label++) {
      labels[label] = "label " + label;
    }
    return new Head(
        Heads.card(version, Heads.BACKBONE, INPUTS, labels),
        List.of(Dense.ofRows(INPUTS, LABELS, rows, new float[LABELS])));
  }

  private Head kernel(long version) {
    Head dense = head(version);
    float[] scale = new float[INPUTS];
    Arrays.fill(scale, 0.01f);
    return new Head(
        dense.card(),
        List.of(
            Landmarks.ofRows(Heads.dense(dense, 0).rows(), scale),
            Dense.ofRows(LABELS, LABELS, new float[LABELS * LABELS], new float[LABELS])));
  }

  /** In MB. */
  private static long resident() throws IOException {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .findFirst()
          .orElseThrow();
    }
  }
}
