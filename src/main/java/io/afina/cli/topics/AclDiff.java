package io.afina.cli.topics;

import io.afina.topic.AclPlan;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.resource.PatternType;

/** Formats a plan of access rules for a terminal, with picocli's markup for colours. */
final class AclDiff {

  private AclDiff() {}

  /** Formats a plan before it is applied. */
  static List<String> planned(AclPlan plan) {
    return lines(plan, "%d rules to make, %d too many; `afina topics apply --acls` makes them");
  }

  /** Formats a plan after it was applied. */
  static List<String> applied(AclPlan plan) {
    return lines(plan, "%d rules made, %d too many");
  }

  private static List<String> lines(AclPlan plan, String summary) {
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
    lines.add(summary.formatted(plan.missing().size(), plan.surplus().size()));
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
