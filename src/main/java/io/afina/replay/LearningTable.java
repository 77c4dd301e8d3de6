package io.afina.replay;

import java.io.PrintStream;
import picocli.CommandLine.Help.Ansi;

/** Prints the accuracy of a replay, a line every {@code every} pictures. */
public record LearningTable(PrintStream out, int every) {

  private static final int BAR = 24;

  public void header() {
    out.printf("%9s %6s   accuracy of the last %d%n", "pictures", "head", every);
  }

  /** Prints a line when it is time for one. */
  public void row(ReplayScore score) {
    if (score.predictions() % every == 0) {
      double accuracy = score.accuracyOfLast(every);
      String head = score.heads().stream().reduce((a, b) -> b).map(String::valueOf).orElse("none");
      out.println(
          Ansi.AUTO.string(
              "%9d %6s   @|%s %s|@ %3.0f %%"
                  .formatted(
                      score.predictions(), head, colour(accuracy), bar(accuracy), 100 * accuracy)));
    }
  }

  private static String colour(double accuracy) {
    if (accuracy >= 0.9) {
      return "green";
    }
    return accuracy >= 0.6 ? "yellow" : "red";
  }

  private static String bar(double share) {
    int full = (int) Math.round(share * BAR);
    return "█".repeat(full) + "░".repeat(BAR - full);
  }
}
