package io.afina.cli.topics;

import io.afina.topic.TopicChange;
import io.afina.topic.TopicChange.AlterConfig;
import io.afina.topic.TopicChange.Create;
import io.afina.topic.TopicChange.Delete;
import io.afina.topic.TopicChange.GrowPartitions;
import io.afina.topic.TopicChange.Refused;
import io.afina.topic.TopicPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Formats a plan for a terminal, with picocli's markup for colours. */
final class TopicDiff {

  private TopicDiff() {}

  /** Formats a plan before it is applied. */
  static List<String> planned(TopicPlan plan) {
    return lines(plan, "%d to change, %d refused; `afina topics apply` makes the changes");
  }

  /** Formats a plan after it was applied. */
  static List<String> applied(TopicPlan plan) {
    return lines(plan, "%d changed, %d refused");
  }

  private static List<String> lines(TopicPlan plan, String summary) {
    if (plan.isEmpty()) {
      return List.of("@|green The topics are as described.|@");
    }
    List<String> lines = new ArrayList<>();
    plan.changes().forEach(change -> lines.addAll(lines(change)));
    int refused = plan.of(Refused.class).size();
    lines.add(summary.formatted(plan.changes().size() - refused, refused));
    return lines;
  }

  private static List<String> lines(TopicChange change) {
    if (change instanceof Create create) {
      return creation(create);
    }
    return List.of(line(change));
  }

  private static List<String> creation(Create create) {
    List<String> lines = new ArrayList<>();
    lines.add("@|green + %s|@ with %d partitions".formatted(create.topic(), create.partitions()));
    new TreeMap<>(create.spec().configuration())
        .forEach((key, value) -> lines.add("    @|green %s = %s|@".formatted(key, value)));
    return lines;
  }

  private static String line(TopicChange change) {
    if (change instanceof GrowPartitions grow) {
      return "@|yellow ~ %s|@ partitions: %d -> %d".formatted(grow.topic(), grow.from(), grow.to());
    }
    if (change instanceof AlterConfig alter) {
      return "@|yellow ~ %s|@ %s: %s -> %s"
          .formatted(alter.topic(), alter.key(), alter.from(), alter.to());
    }
    if (change instanceof Delete delete) {
      return "@|red - %s|@ deleted".formatted(delete.topic());
    }
    return "@|bold,red ! %s|@ %s".formatted(change.topic(), ((Refused) change).reason());
  }
}
