package io.afina.cli.topics;

import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.TerminalText;
import io.afina.lifecycle.ExitCode;
import io.afina.topic.AclPlan;
import io.afina.topic.PlanRequest;
import io.afina.topic.TopicAdmin;
import io.afina.topic.TopicChange.Refused;
import io.afina.topic.TopicPlan;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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
    description = "Makes Afina's topics on a cluster, and compares them with their descriptions.",
    subcommands = {TopicsCommand.Plan.class, TopicsCommand.Apply.class, TopicsCommand.Verify.class})
public final class TopicsCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: plan, apply or verify");
  }

  /** Shows what apply would do. */
  @Command(name = "plan", description = "Says what apply would do; changes nothing.")
  static final class Plan implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin private ClusterOptions cluster;
    @Mixin private PlanOptions options;

    @ArgGroup(exclusive = false)
    private @Nullable AclOptions acls;

    @Override
    public Integer call() {
      compare(spec, cluster, options.request(cluster, spec.commandLine()), acls);
      return ExitCode.OK.code();
    }
  }

  /** Creates and changes topics. */
  @Command(
      name = "apply",
      description = {
        "Creates missing topics, adds missing partitions and sets differing settings.",
        "The partitions of images and what belongs to it are never changed once they exist. Settings that"
            + " the descriptions do not name are left alone. Nothing is deleted without --prune. Ends with 5 if"
            + " something was refused.",
        "With --acls it then lets principals do what their roles need (topics/acls.yaml), and nothing more; for that one must be allowed"
            + " to alter the cluster. What else a principal may do is shown, stays, and ends it with 5."
      })
  static final class Apply implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin private ClusterOptions cluster;
    @Mixin private PlanOptions options;

    @ArgGroup(exclusive = false)
    private @Nullable AclOptions acls;

    @Override
    public Integer call() {
      boolean refused;
      try (TopicAdmin topics = TopicAdmin.connect(cluster.kafka())) {
        TopicPlan plan = topics.plan(options.request(cluster, spec.commandLine()));
        topics.apply(plan);
        print(spec, TopicDiff.applied(plan));
        refused = !plan.of(Refused.class).isEmpty();
      }
      if (acls != null) {
        AclPlan plan = acls.apply(cluster, spec.commandLine());
        print(spec, AclDiff.applied(plan));
        refused |= !plan.surplus().isEmpty();
      }
      return code(!refused);
    }
  }

  /** Fails if anything differs. */
  @Command(
      name = "verify",
      description = "Compares, changes nothing, and ends with 5 if anything differs.")
  static final class Verify implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin private ClusterOptions cluster;

    @ArgGroup(exclusive = false)
    private @Nullable AclOptions acls;

    @Override
    public Integer call() {
      String classifiers = cluster.config().classifier().applicationId();
      return code(compare(spec, cluster, PlanRequest.none(classifiers), acls));
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

    PlanRequest request(ClusterOptions cluster, CommandLine command) {
      if (partitions != null && partitions < 1) {
        throw new ParameterException(
            command, "--partitions is %d: it must be 1 or more".formatted(partitions));
      }
      return new PlanRequest(partitions, cluster.config().classifier().applicationId(), prune);
    }
  }

  /** Prints what differs from the descriptions, and returns whether nothing does. */
  private static boolean compare(
      CommandSpec spec, ClusterOptions cluster, PlanRequest request, @Nullable AclOptions acls) {
    boolean same;
    try (TopicAdmin topics = TopicAdmin.connect(cluster.kafka())) {
      TopicPlan plan = topics.plan(request);
      print(spec, TopicDiff.planned(plan));
      same = plan.isEmpty();
    }
    if (acls != null) {
      AclPlan plan = acls.plan(cluster, spec.commandLine());
      print(spec, AclDiff.planned(plan));
      same &= plan.isEmpty();
    }
    return same;
  }

  private static void print(CommandSpec spec, List<String> markup) {
    Ansi ansi = spec.commandLine().getColorScheme().ansi();
    TerminalText.print(spec, markup.stream().map(line -> ansi.string(line)).toList());
  }

  private static int code(boolean asDescribed) {
    return (asDescribed ? ExitCode.OK : ExitCode.TOPICS).code();
  }
}
