package io.afina.chaos;

import io.afina.chaos.check.Finding;
import io.afina.chaos.check.History;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run came to, on one page.
 *
 * @param seconds from the first strike to the last check
 * @param ended processes that ended by themselves, one an end
 * @param withoutDisk whether the full disk was left out, because this user may mount none
 */
record Summary(
    Chaos.Settings settings,
    double seconds,
    Map<Fault, Integer> faults,
    List<End> ended,
    boolean withoutDisk,
    History history,
    List<Finding> findings) {

  /** One fault can have thousands of consequences. */
  private static final int MOST_FINDINGS = 40;

  /** Markdown. */
  String page() {
    StringBuilder page = new StringBuilder();
    page.append("# Chaos, seed %d%n%n".formatted(settings.seed()));
    page.append(
        "%d faults in %.0f s over %d brokers; %d findings.%n%n"
            .formatted(
                faults.values().stream().mapToInt(Integer::intValue).sum(),
                seconds,
                settings.brokers(),
                findings.size()));
    if (withoutDisk) {
      page.append("The full disk was left out: only root can mount a small one.%n%n".formatted());
    }
    table(page, "fault", "times", faults);
    table(page, "records", "count", counts());
    table(
        page,
        "ended by itself",
        "times",
        ended.stream().collect(Collectors.groupingBy(End::toString, Collectors.counting())));
    if (!findings.isEmpty()) {
      table(
          page,
          "finding",
          "times",
          findings.stream().collect(Collectors.groupingBy(Finding::kind, Collectors.counting())));
      findings.stream()
          .limit(MOST_FINDINGS)
          .forEach(finding -> page.append("- %s%n".formatted(finding)));
    }
    return page.toString();
  }

  private Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    counts.put("images", history.images().size());
    counts.put("predictions", history.predictions().size());
    counts.put("review", history.questions().size());
    counts.put("corrections", history.corrections().size());
    counts.put("training", history.examples().size());
    counts.put("dead-letters", history.letters().size());
    counts.put("models: heads", history.heads().size());
    counts.put("models: moves of the champion", history.moves().size());
    counts.put("answers on the labelling page", history.replies().size());
    return counts;
  }

  private static void table(
      StringBuilder page, String what, String count, Map<?, ? extends Number> rows) {
    if (rows.isEmpty()) {
      return;
    }
    page.append("| %s | %s |%n| --- | --- |%n".formatted(what, count));
    new TreeMap<>(rows)
        .forEach((row, times) -> page.append("| %s | %,d |%n".formatted(row, times.longValue())));
    page.append("%n".formatted());
  }
}
