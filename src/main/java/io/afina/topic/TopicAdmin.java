package io.afina.topic;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import io.afina.config.AfinaConfig;
import io.afina.event.Topics;
import io.afina.kafka.ClusterCalls;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.topic.TopicChange.AlterConfig;
import io.afina.topic.TopicChange.Create;
import io.afina.topic.TopicChange.Delete;
import io.afina.topic.TopicChange.GrowPartitions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * Compares the topics of one cluster with {@code topics/}, changes them, and checks whether a role
 * can start. Every method throws {@link AfinaException} when no broker answers within 10 s or the
 * cluster does not allow it.
 */
public final class TopicAdmin implements AutoCloseable {

  private static final Duration PATIENCE = ClusterCalls.PATIENCE;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private static final Set<Class<?>> NOT_ALLOWED =
      Set.of(TopicAuthorizationException.class, ClusterAuthorizationException.class);

  private static final String CLEANUP = TopicConfig.CLEANUP_POLICY_CONFIG;

  private final TopicCatalog catalog;

  /** The command that makes these topics. */
  private final String apply;

  private final ClusterCalls cluster;
  private final Admin admin;
  private final TopicReader reader;
  private final String bootstrapServers;

  private TopicAdmin(Topics topics, ClusterCalls cluster) {
    this.catalog = TopicCatalog.load(topics);
    this.apply =
        "afina topics apply"
            + (topics.prefix().isEmpty() ? "" : " --set topics.prefix=" + topics.prefix());
    this.cluster = cluster;
    this.admin = cluster.admin();
    this.reader = new TopicReader(cluster);
    this.bootstrapServers = cluster.bootstrapServers();
  }

  /** Connects; nothing is asked of the cluster yet. */
  public static TopicAdmin connect(AfinaConfig config) {
    return new TopicAdmin(config.topics(), ClusterCalls.connect(Map.copyOf(config.kafka())));
  }

  /** Compares the cluster with the files. */
  public TopicPlan plan(PlanRequest request) {
    return TopicPlan.of(catalog, reader.read(catalog.names(), request), request);
  }

  /**
   * Makes the changes of a plan that are possible, and returns once the cluster shows what was
   * created.
   */
  public void apply(TopicPlan plan) {
    create(plan.of(Create.class));
    grow(plan.of(GrowPartitions.class));
    alter(plan.of(AlterConfig.class));
    delete(plan.of(Delete.class));
    awaitVisible(plan.of(Create.class));
  }

  /**
   * Makes sure that a role can start: its topics exist, and those that must correspond have the
   * same number of partitions.
   *
   * @throws AfinaException with {@link ExitCode#TOPICS}, saying what is wrong and what to do
   */
  public void requireReady(Collection<String> topics) {
    problem(topics)
        .ifPresent(
            problem -> {
              throw new AfinaException(
                  ExitCode.TOPICS,
                  "%s: run `%s --bootstrap-servers %s`"
                      .formatted(problem, apply, bootstrapServers));
            });
  }

  /**
   * Makes sure that the changelogs of classifiers, where there are any, have as many partitions as
   * the topics that they go with: Kafka Streams would start, find that out, and end.
   *
   * @throws AfinaException with {@link ExitCode#TOPICS}, saying what is wrong and what to do
   */
  public void requireFittingChangelogs(String applicationId) {
    List<String> changelogs = reader.changelogs(PlanRequest.none(applicationId));
    List<String> inputs = catalog.names().stream().filter(catalog::isCopartitioned).toList();
    Set<Integer> counts = partitions(inputs, count -> true).values().stream().collect(toSet());
    Map<String, Integer> wrong = partitions(changelogs, count -> !counts.contains(count));
    if (!wrong.isEmpty()) {
      throw new AfinaException(
          ExitCode.TOPICS,
          ("the changelogs of the classifiers' state stores at %s have other numbers of partitions, %s, than the topics that they go with, %s:"
                  + " %s: stop all classifiers, run `%s%s`, and start them with empty folders for state stores")
              .formatted(
                  bootstrapServers,
                  wrong,
                  counts,
                  TopicPlan.FORGET,
                  apply,
                  wrong.keySet().stream().map(" --prune "::concat).collect(joining())));
    }
  }

  private Map<String, Integer> partitions(Collection<String> topics, IntPredicate wanted) {
    Map<String, Integer> counts = new TreeMap<>();
    reader
        .describe(topics)
        .forEach(
            (name, topic) -> {
              if (wanted.test(topic.partitions().size())) {
                counts.put(name, topic.partitions().size());
              }
            });
    return counts;
  }

  @Override
  public void close() {
    cluster.close();
  }

  private Optional<String> problem(Collection<String> topics) {
    Map<String, TopicDescription> found = reader.describe(topics);
    TreeSet<String> missing = new TreeSet<>(topics);
    missing.removeAll(found.keySet());
    if (!missing.isEmpty()) {
      return Optional.of(
          "there is no topic %s at %s".formatted(String.join(", ", missing), bootstrapServers));
    }
    Map<String, Integer> counts = new TreeMap<>();
    found.values().stream()
        .filter(topic -> catalog.isCopartitioned(topic.name()))
        .forEach(topic -> counts.put(topic.name(), topic.partitions().size()));
    return counts.values().stream().distinct().count() > 1
        ? Optional.of(
            "topics must have the same number of partitions, but at %s there are %s; delete those that are wrong"
                .formatted(bootstrapServers, counts))
        : wrongCleanup(topics);
  }

  /** A role that may not see settings starts without this. */
  private Optional<String> wrongCleanup(Collection<String> topics) {
    TreeMap<String, String> wrong = new TreeMap<>();
    admin
        .describeConfigs(topics.stream().map(TopicReader::resource).toList())
        .values()
        .forEach(
            (resource, future) ->
                cluster
                    .awaitIfAny(future, NOT_ALLOWED)
                    .map(config -> config.get(CLEANUP))
                    .map(ConfigEntry::value)
                    .filter(
                        policy ->
                            catalog
                                .cleanup(resource.name())
                                .filter(wanted -> !wanted.equals(policy))
                                .isPresent())
                    .ifPresent(policy -> wrong.put(resource.name(), policy)));
    return wrong.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "topics at %s are cleaned up as %s, which would lose what topics/ keeps"
                .formatted(bootstrapServers, wrong));
  }

  /** The cluster's own id. */
  public String clusterId() {
    return cluster.await(admin.describeCluster().clusterId());
  }

  private void create(List<Create> changes) {
    cluster.await(admin.createTopics(changes.stream().map(TopicAdmin::newTopic).toList()).all());
  }

  private static NewTopic newTopic(Create create) {
    TopicSpec spec = create.spec();
    return new NewTopic(
            spec.name(), Optional.of(create.partitions()), Optional.ofNullable(spec.replication()))
        .configs(spec.configuration());
  }

  private void grow(List<GrowPartitions> changes) {
    Map<String, NewPartitions> partitions =
        changes.stream()
            .collect(
                Collectors.toMap(
                    GrowPartitions::topic, change -> NewPartitions.increaseTo(change.to())));
    cluster.await(admin.createPartitions(partitions).all());
  }

  private void alter(List<AlterConfig> changes) {
    Map<ConfigResource, Collection<AlterConfigOp>> operations = new HashMap<>();
    for (AlterConfig change : changes) {
      operations
          .computeIfAbsent(TopicReader.resource(change.topic()), resource -> new ArrayList<>())
          .add(
              new AlterConfigOp(
                  new ConfigEntry(change.key(), change.to()), AlterConfigOp.OpType.SET));
    }
    cluster.await(admin.incrementalAlterConfigs(operations).all());
  }

  private void delete(List<Delete> changes) {
    cluster.await(admin.deleteTopics(changes.stream().map(Delete::topic).toList()).all());
  }

  /** Brokers learn of a topic a moment after the controller made it. */
  private void awaitVisible(List<Create> changes) {
    List<String> names = changes.stream().map(Create::topic).toList();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (reader.describe(names).size() < names.size()) {
      if (System.nanoTime() > deadline) {
        throw new AfinaException(
            ExitCode.TOPICS,
            "the brokers at %s do not know all of %s after %d s: try `afina topics verify` later"
                .formatted(bootstrapServers, names, PATIENCE.toSeconds()));
      }
      pause();
    }
    awaitLeaders(reader.describe(names).values());
  }

  /**
   * A partition's leader takes office a moment later still. Whoever writes before may find its
   * second record accepted and its first, sent again, out of order until its producer gives it up.
   */
  private void awaitLeaders(Collection<TopicDescription> topics) {
    Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
    for (TopicDescription topic : topics) {
      topic
          .partitions()
          .forEach(
              partition ->
                  partitions.put(
                      new TopicPartition(topic.name(), partition.partition()),
                      OffsetSpec.latest()));
    }
    // Only a leader answers, and the client asks until one does.
    var unused = cluster.await(admin.listOffsets(partitions).all());
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    } catch (InterruptedException e) {
      throw ClusterCalls.interrupted(e);
    }
  }
}
