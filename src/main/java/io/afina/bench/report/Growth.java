package io.afina.bench.report;

import java.util.List;

/**
 * The growth of memory over a soak, in MB.
 *
 * @param most the largest there was
 * @param secondHalf what the last quarter has more, on average, than the one before it; the first
 *     half, in which caches fill and code is compiled, does not count
 */
public record Growth(long most, double secondHalf) {

  /** Computes it from memory at equal intervals; at least four values. */
  public static Growth of(List<Long> megabytes) {
    int quarter = megabytes.size() / 4;
    if (quarter == 0) {
      throw new IllegalArgumentException("at least four values are needed");
    }
    int end = megabytes.size();
    return new Growth(
        megabytes.stream().mapToLong(Long::longValue).max().orElse(0),
        mean(megabytes.subList(end - quarter, end))
            - mean(megabytes.subList(end - 2 * quarter, end - quarter)));
  }

  /** Formats it as a sentence. */
  public String text() {
    return "resident: %d MB at most; the last quarter has %+.1f MB over the one before"
        .formatted(most, secondHalf);
  }

  private static double mean(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).average().orElse(0);
  }
}
