package io.afina.cli;

import java.io.PrintStream;
import picocli.CommandLine.Help.Ansi;

/** What is said at the end of a replay. */
final class Summary {

  private static final int LAST = 100;
  private static final PrintStream OUT = System.out;

  private Summary() {}

  static void print(Score score, int corrected) {
    line("pictures", "%d, %d corrected".formatted(score.predictions(), corrected));
    line("predicted twice", Integer.toString(score.duplicates()));
    line("dead letters", Integer.toString(score.deadLetters()));
    line("heads that answered", heads(score));
    line("prequential accuracy", percent(score.accuracy()));
    line("of the last " + Math.min(LAST, score.predictions()), percent(score.accuracyOfLast(LAST)));
  }

  static void printHoldout(Score score, boolean learned) {
    if (!learned) {
      line("holdout", "not every correction was learned in time: the figure is too low");
    }
    line(
        "holdout",
        "%s (%d of %d), head %s"
            .formatted(
                percent(score.accuracy()), score.right(), score.predictions(), heads(score)));
  }

  static void line(String name, String value) {
    OUT.println(Ansi.AUTO.string("@|bold %22s|@  %s".formatted(name, value)));
  }

  private static String heads(Score score) {
    return score.heads().isEmpty() ? "none" : score.heads().size() + ": " + score.heads();
  }

  private static String percent(double share) {
    return "%.1f %%".formatted(100 * share);
  }
}
