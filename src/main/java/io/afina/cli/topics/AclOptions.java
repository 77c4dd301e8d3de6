package io.afina.cli.topics;

import io.afina.cli.option.ClusterOptions;
import io.afina.topic.AclAdmin;
import io.afina.topic.AclPlan;
import io.afina.topic.Acls;
import io.afina.topic.Acls.Principal;
import io.afina.topic.TopicSpec.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclBinding;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that give principals the access rules of roles. */
final class AclOptions {

  /** Set whenever there are these options: picocli requires both. */
  @SuppressWarnings("UnusedVariable")
  @Option(
      names = "--acls",
      required = true,
      description = "Access rules too, for the principals that are named.")
  private boolean acls;

  @Option(
      names = "--principal",
      required = true,
      paramLabel = "ROLE=PRINCIPAL",
      description =
          "Who has a role, such as classifier=User:classifier or trainer=User:CN=trainer,O=Example; may be repeated. Roles:"
              + " upstream, classifier, trainer, labeller, labelling, reviewer, operator.")
  private List<String> principals = new ArrayList<>();

  /** Compares the rules with those of the cluster, and makes what is missing where told to. */
  AclPlan plan(ClusterOptions cluster, CommandLine command, boolean apply) {
    try (AclAdmin admin = AclAdmin.connect(cluster.kafka())) {
      AclPlan plan = admin.plan(rules(cluster, command));
      if (apply) {
        admin.apply(plan);
      }
      return plan;
    }
  }

  private List<AclBinding> rules(ClusterOptions cluster, CommandLine command) {
    Acls file = Acls.load(cluster.config());
    return principals.stream()
        .flatMap(given -> rules(file, given, command).stream())
        .distinct()
        .toList();
  }

  private static List<AclBinding> rules(Acls file, String given, CommandLine command) {
    String[] parts = given.split("=", 2);
    try {
      Role role = Role.valueOf(parts[0].toUpperCase(Locale.ROOT));
      return file.of(role, new Principal(parts.length < 2 ? "" : parts[1]));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command,
          "--principal is %s: it must be ROLE=Type:name, with a role of %s, and not everybody"
              .formatted(given, names()),
          e);
    }
  }

  private static String names() {
    return Stream.of(Role.values())
        .map(role -> role.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }
}
