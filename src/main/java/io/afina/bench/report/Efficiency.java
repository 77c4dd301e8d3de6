package io.afina.bench.report;

/**
 * Computes the share of the rate that decoding and inference allow. A thread that does one after
 * the other needs 1/a + 1/b seconds for a picture, where a and b are what the same threads do of
 * each alone.
 */
public final class Efficiency {

  private Efficiency() {}

  /** Pictures a second if nothing but decoding and inference took time. */
  public static double ideal(double decode, double engine) {
    return 1 / (1 / decode + 1 / engine);
  }

  /**
   * Share of the ideal that was reached, 0 to 1, whoever took the rest.
   *
   * @param rate of the pipeline on as many threads as decode and engine were measured with
   */
  public static double of(double rate, double decode, double engine) {
    return rate / ideal(decode, engine);
  }

  /**
   * Share of the ideal of those cores that broker, publisher and reader left to the classifier:
   * what it would be with them on other machines.
   *
   * @param elsewhere share of all cores that they took, 0 to 1
   */
  public static double withoutOthers(double efficiency, double elsewhere) {
    return efficiency / (1 - elsewhere);
  }
}
