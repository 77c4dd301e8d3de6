package io.afina.cli.topics;

import io.afina.topic.AclPlan;
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
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.resource.PatternType;

/**
 * Formats plans for a terminal, before they are applied or after, with picocli's markup for
 * colours.
 */
final class PlanDiff {

  private PlanDiff() {}

  static List<String> of(TopicPlan plan, boolean applied) {
    if (plan.isEmpty()) {
      return List.of("@|green The topics are as described.|@");
    }
    List<String> lines = new ArrayList<>();
    plan.changes().forEach(change -> lines.addAll(lines(change)));
    int refused = plan.of(Refused.class).size();
    String summary =
        applied
            ? "%d changed, %d refused"
            : "%d to change, %d refused; `afina topics apply` makes the changes";
    lines.add(summary.formatted(plan.changes().size() - refused, refused));
    return lines;
  }

  static List<String> of(AclPlan plan, boolean applied) {
    if (plan.isEmpty()) {
      return List.of("@|green The access rules are as described.|@");
    }
    List<String> lines = new ArrayList<>();
    plan.missing().forEach(rule -> lines.add("@|green +|@ " + line(rule)));
    plan.surplus()
        .forEach(
            rule ->
                lines.add(
                    "@|bold,red !|@ %s: no role needs it; take it away with kafka-acls, unless you do"
                        .formatted(line(rule))));
    String summary =
        applied
            ? "%d rules made, %d too many"
            : "%d rules to make, %d too many; `afina topics apply --acls` makes them";
    lines.add(summary.formatted(plan.missing().size(), plan.surplus().size()));
    return lines;
  }

  private static List<String> lines(TopicChange change) {
    List<String> lines = new ArrayList<>();
    if (change instanceof Create create) {
      lines.add("@|green + %s|@ with %d partitions".formatted(create.topic(), create.partitions()));
      new TreeMap<>(create.spec().configuration())
          .forEach((key, value) -> lines.add("    @|green %s = %s|@".formatted(key, value)));
    } else if (change instanceof GrowPartitions grow) {
      lines.add(
          "@|yellow ~ %s|@ partitions: %d -> %d".formatted(grow.topic(), grow.from(), grow.to()));
    } else if (change instanceof AlterConfig alter) {
      lines.add(
          "@|yellow ~ %s|@ %s: %s -> %s"
              .formatted(alter.topic(), alter.key(), alter.from(), alter.to()));
    } else if (change instanceof Delete delete) {
      lines.add("@|red - %s|@ deleted".formatted(delete.topic()));
    } else {
      lines.add("@|bold,red ! %s|@ %s".formatted(change.topic(), ((Refused) change).reason()));
    }
    return lines;
  }

  private static String line(AclBinding rule) {
    return "%s may %s %s %s%s"
        .formatted(
            rule.entry().principal(),
            rule.entry().operation(),
            rule.pattern().resourceType(),
            rule.pattern().name(),
            rule.pattern().patternType() == PatternType.PREFIXED ? "*" : "");
  }
}
