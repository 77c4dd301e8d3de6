package io.afina.cli.topics;

import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.ConfigOptions;
import io.afina.cli.option.TerminalText;
import io.afina.event.Topics;
import io.afina.lifecycle.ExitCode;
import io.afina.topic.AclPlan;
import io.afina.topic.AsyncApi;
import io.afina.topic.PlanRequest;
import io.afina.topic.TopicAdmin;
import io.afina.topic.TopicCatalog;
import io.afina.topic.TopicChange.Refused;
import io.afina.topic.TopicPlan;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares the topics of a cluster with {@code topics/}, and changes them. */
@Command(
    name = "topics",
    description =
        "Makes Afina's topics on a cluster, compares them with their descriptions, and describes them to programs.")
public final class TopicsCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: plan, apply, verify or asyncapi");
  }

  @Command(
      name = "plan",
      description = "Says what apply would do; changes nothing.",
      mixinStandardHelpOptions = true)
  void plan(@Mixin Target target, @Mixin PlanOptions options) {
    target.isAsDescribed(options.request(target));
  }

  @Command(
      name = "apply",
      description = {
        "Creates missing topics, adds missing partitions and sets differing settings.",
        "The partitions of images and what belongs to it are never changed once they exist. Settings that"
            + " the descriptions do not name are left alone. Nothing is deleted without --prune. Ends with 80 if"
            + " something was refused.",
        "With --acls it then lets principals do what their roles need (topics/acls.yaml), and nothing more; for that one must be allowed"
            + " to alter the cluster. What else a principal may do is shown, stays, and ends it with 80."
      },
      mixinStandardHelpOptions = true)
  int apply(@Mixin Target target, @Mixin PlanOptions options) {
    return code(target.apply(options.request(target)));
  }

  @Command(
      name = "verify",
      description = "Compares, changes nothing, and ends with 80 if anything differs.",
      mixinStandardHelpOptions = true)
  int verify(@Mixin Target target) {
    return code(target.isAsDescribed(PlanRequest.none(target.applicationId())));
  }

  @Command(
      name = "asyncapi",
      description =
          "Prints an AsyncAPI 3 document (YAML) of all topics with their messages, headers, schemas and roles; asks no cluster.",
      mixinStandardHelpOptions = true)
  void asyncapi(@Mixin ConfigOptions options) {
    Topics topics = options.loader().load().topics();
    String yaml = new AsyncApi(TopicCatalog.load(topics), topics.prefix()).yaml();
    TerminalText.print(spec, List.of(yaml.stripTrailing()));
  }

  /** The cluster that is compared with the descriptions, and whether access rules are too. */
  @Command
  static final class Target {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @ArgGroup(exclusive = false)
    private @Nullable AclOptions acls;

    private String applicationId() {
      return cluster.config().classifier().applicationId();
    }

    /** Prints what differs from the descriptions, and returns whether nothing does. */
    private boolean isAsDescribed(PlanRequest request) {
      boolean same;
      try (TopicAdmin topics = TopicAdmin.connect(cluster.config())) {
        TopicPlan plan = topics.plan(request);
        print(PlanDiff.of(plan, false));
        same = plan.isEmpty();
      }
      if (acls != null) {
        AclPlan plan = acls.plan(cluster, spec.commandLine(), false);
        print(PlanDiff.of(plan, false));
        same &= plan.isEmpty();
      }
      return same;
    }

    /** Makes the changes, prints them, and returns whether none was refused. */
    private boolean apply(PlanRequest request) {
      boolean done;
      try (TopicAdmin topics = TopicAdmin.connect(cluster.config())) {
        TopicPlan plan = topics.plan(request);
        topics.apply(plan);
        print(PlanDiff.of(plan, true));
        done = plan.of(Refused.class).isEmpty();
      }
      if (acls != null) {
        AclPlan plan = acls.plan(cluster, spec.commandLine(), true);
        print(PlanDiff.of(plan, true));
        done &= plan.surplus().isEmpty();
      }
      return done;
    }

    private void print(List<String> markup) {
      Ansi ansi = spec.commandLine().getColorScheme().ansi();
      TerminalText.print(spec, markup.stream().map(line -> ansi.string(line)).toList());
    }
  }

  /** What may be asked for beyond the descriptions. */
  static final class PlanOptions {

    @Option(
        names = "--partitions",
        paramLabel = "N",
        description =
            "Partitions of the topics that belong together (images and so on) and of dead-letters, when they are made:"
                + " as many as there may ever be classifier threads, because it cannot be changed later.")
    private @Nullable Integer partitions;

    @Option(
        names = "--prune",
        paramLabel = "TOPIC",
        description =
            "Deletes an internal topic of the classifiers, such as one of a state store that a newer version no longer"
                + " has; may be repeated. Only topics named <classifier.applicationId>-...-changelog or"
                + " ...-repartition, and only while no classifier runs. All embeddings in it are lost.")
    private Set<String> prune = new LinkedHashSet<>();

    private PlanRequest request(Target target) {
      if (partitions != null && partitions < 1) {
        throw new ParameterException(
            target.spec.commandLine(),
            "--partitions is %d: it must be 1 or more".formatted(partitions));
      }
      return new PlanRequest(partitions, target.applicationId(), prune);
    }
  }

  private static int code(boolean asDescribed) {
    return (asDescribed ? ExitCode.OK : ExitCode.TOPICS).code();
  }
}
