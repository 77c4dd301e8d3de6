package io.afina.replay;

import java.io.PrintStream;
import picocli.CommandLine.Help.Ansi;

/** Prints what a replay measured. */
public final class ReplaySummary {

  private static final int LAST = 100;
  private static final PrintStream OUT = System.out;

  private ReplaySummary() {}

  public static void print(ReplayScore score, int corrected) {
    line("pictures", "%d, %d corrected".formatted(score.predictions(), corrected));
    line("predicted twice", Integer.toString(score.duplicates()));
    line("dead letters", Integer.toString(score.deadLetters()));
    line("heads that answered", heads(score));
    line("prequential accuracy", percent(score.accuracy()));
    line("of the last " + Math.min(LAST, score.predictions()), percent(score.accuracyOfLast(LAST)));
  }

  public static void printHoldout(ReplayScore score, boolean learned) {
    if (!learned) {
      line("holdout", "not every correction was learned in time: the figure is too low");
    }
    line(
        "holdout",
        "%s (%d of %d), head %s"
            .formatted(
                percent(score.accuracy()), score.right(), score.predictions(), heads(score)));
  }

  public static void line(String name, String value) {
    OUT.println(Ansi.AUTO.string("@|bold %22s|@  %s".formatted(name, value)));
  }

  private static String heads(ReplayScore score) {
    return score.heads().isEmpty() ? "none" : score.heads().size() + ": " + score.heads();
  }

  private static String percent(double share) {
    return "%.1f %%".formatted(100 * share);
  }
}
