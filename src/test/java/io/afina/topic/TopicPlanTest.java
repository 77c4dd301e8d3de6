package io.afina.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.topic.ClusterState.ExistingTopic;
import io.afina.topic.TopicChange.AlterConfig;
import io.afina.topic.TopicChange.Create;
import io.afina.topic.TopicChange.Delete;
import io.afina.topic.TopicChange.GrowPartitions;
import io.afina.topic.TopicChange.Refused;
import io.afina.topic.TopicSpec.Form;
import io.afina.topic.TopicSpec.Sizing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopicPlanTest {

  private static final String APPLICATION = "classifier";
  private static final PlanRequest NOTHING_MORE = PlanRequest.none(APPLICATION);
  private static final TopicSpec IMAGES = spec("images", 12, Sizing.COPARTITIONED, null);
  private static final TopicSpec TRAINING = spec("training", 12, Sizing.COPARTITIONED, null);
  private static final TopicSpec LETTERS = spec("letters", 12, Sizing.SPREAD, null);
  private static final TopicSpec MODELS = spec("models", 1, Sizing.FIXED, null);

  private final TopicCatalog catalog = new TopicCatalog(List.of(IMAGES, TRAINING, LETTERS, MODELS));

  @Test
  void shouldCreateAllThatIsMissing() {
    // when
    TopicPlan plan = TopicPlan.of(catalog, cluster(), NOTHING_MORE);

    // then
    assertThat(plan.changes())
        .containsExactlyInAnyOrder(
            new Create(IMAGES, 12),
            new Create(TRAINING, 12),
            new Create(LETTERS, 12),
            new Create(MODELS, 1));
  }

  @Test
  void shouldCreateWithThePartitionsThatAreAskedFor() {
    // when
    TopicPlan plan = TopicPlan.of(catalog, cluster(), new PlanRequest(3, APPLICATION, Set.of()));

    // then
    assertThat(plan.changes())
        .containsExactlyInAnyOrder(
            new Create(IMAGES, 3),
            new Create(TRAINING, 3),
            new Create(LETTERS, 3),
            new Create(MODELS, 1));
  }

  @Test
  void shouldFindNothingToDoWhereAllIsAsDescribed() {
    // given
    ClusterState cluster =
        cluster(
            topic("images", 12), topic("training", 12), topic("letters", 12), topic("models", 1));

    // then
    assertThat(TopicPlan.of(catalog, cluster, NOTHING_MORE).isEmpty()).isTrue();
  }

  @Test
  void shouldSetWhatChangelogsNeedAndLeaveOneThatTakesMore() {
    // given
    TopicCatalog none = new TopicCatalog(List.of());
    ClusterState cluster =
        cluster(
            changelog("classifier-a-changelog", "CreateTime", "1000000", "9223372036854775807"),
            changelog("classifier-b-changelog", "LogAppendTime", "4000000", "86400000"),
            changelog("somebody-else-changelog", "CreateTime", "1000000", "1"));

    // then
    assertThat(TopicPlan.of(none, cluster, NOTHING_MORE).changes())
        .containsExactly(
            new AlterConfig(
                "classifier-a-changelog",
                "max.compaction.lag.ms",
                "9223372036854775807",
                "86400000"),
            new AlterConfig("classifier-a-changelog", "max.message.bytes", "1000000", "1048588"),
            new AlterConfig(
                "classifier-a-changelog", "message.timestamp.type", "CreateTime", "LogAppendTime"));
  }

  private static ExistingTopic changelog(String name, String time, String bytes, String lag) {
    return new ExistingTopic(
        name,
        1,
        1,
        Map.of(
            "message.timestamp.type",
            time,
            "max.message.bytes",
            bytes,
            "max.compaction.lag.ms",
            lag));
  }

  @Test
  void shouldTakeAnyNumberThatTheCopartitionedTopicsShare() {
    // given
    ClusterState cluster =
        cluster(topic("images", 5), topic("training", 5), topic("letters", 5), topic("models", 1));

    // then
    assertThat(TopicPlan.of(catalog, cluster, NOTHING_MORE).isEmpty()).isTrue();
  }

  @Test
  void shouldCreateAMissingTopicWithTheNumberOfItsPeers() {
    // given
    ClusterState cluster = cluster(topic("images", 5), topic("letters", 5), topic("models", 1));

    // then
    assertThat(TopicPlan.of(catalog, cluster, NOTHING_MORE).changes())
        .containsExactly(new Create(TRAINING, 5));
  }

  @Test
  void shouldRefuseToGrowCopartitionedTopics() {
    // given
    ClusterState cluster =
        cluster(topic("images", 5), topic("training", 5), topic("letters", 5), topic("models", 1));

    // when
    TopicPlan plan = TopicPlan.of(catalog, cluster, new PlanRequest(10, APPLICATION, Set.of()));

    // then
    assertThat(plan.changes())
        .extracting(TopicChange::topic)
        .containsExactlyInAnyOrder("images", "training");
    assertThat(plan.of(Refused.class))
        .hasSize(2)
        .allSatisfy(
            refused ->
                assertThat(refused.reason())
                    .contains("has 5 partitions")
                    .contains("move keys away from their embeddings")
                    .contains("only new topics can have 10"));
  }

  @Test
  void shouldRefuseToGuessWhenCopartitionedTopicsDiffer() {
    // given
    TopicSpec review = spec("review", 12, Sizing.COPARTITIONED, null);
    ClusterState cluster = cluster(topic("images", 12), topic("training", 6));

    // when
    TopicPlan plan =
        TopicPlan.of(new TopicCatalog(List.of(IMAGES, TRAINING, review)), cluster, NOTHING_MORE);

    // then
    assertThat(plan.changes()).hasSize(3);
    assertThat(plan.of(Refused.class))
        .extracting(Refused::topic)
        .containsExactly("images", "review", "training");
    assertThat(plan.of(Refused.class))
        .allSatisfy(
            refused -> assertThat(refused.reason()).contains("images has 12, training has 6"));
  }

  @Test
  void shouldGrowWhatIsNotCopartitioned() {
    // given
    ClusterState cluster =
        cluster(topic("images", 8), topic("training", 8), topic("letters", 3), topic("models", 1));

    // then
    assertThat(TopicPlan.of(catalog, cluster, NOTHING_MORE).changes())
        .containsExactly(new GrowPartitions("letters", 3, 8));
  }

  @Test
  void shouldRefuseToTakePartitionsAway() {
    // given
    ClusterState cluster =
        cluster(
            topic("images", 12), topic("training", 12), topic("letters", 12), topic("models", 3));

    // when
    List<TopicChange> changes = TopicPlan.of(catalog, cluster, NOTHING_MORE).changes();

    // then
    assertThat(changes)
        .containsExactly(
            new Refused(
                "models",
                "it has 3 partitions and should have 1, but Kafka takes no partition away: make it anew"));
  }

  @Test
  void shouldAlterTheSettingsThatTheFileNamesAndNoOther() {
    // given
    ExistingTopic models =
        new ExistingTopic("models", 1, 1, Map.of("retention.ms", "5", "min.insync.replicas", "2"));
    ClusterState cluster =
        cluster(topic("images", 12), topic("training", 12), topic("letters", 12), models);

    // then
    assertThat(TopicPlan.of(catalog, cluster, NOTHING_MORE).changes())
        .containsExactly(new AlterConfig("models", "retention.ms", "5", "1000"));
  }

  @Test
  void shouldRefuseToChangeTheNumberOfCopies() {
    // given
    TopicCatalog wanted = new TopicCatalog(List.of(spec("models", 1, Sizing.FIXED, (short) 3)));

    // when
    TopicPlan plan = TopicPlan.of(wanted, cluster(topic("models", 1)), NOTHING_MORE);

    // then
    assertThat(plan.changes())
        .containsExactly(
            new Refused(
                "models",
                "it has 1 copies and should have 3: move them with kafka-reassign-partitions"));
  }

  @Test
  void shouldPruneOnlyNamedInternalTopicsOfAClassifierThatDoesNotRun() {
    // given
    String leftover = "classifier-old-changelog";
    PlanRequest request =
        new PlanRequest(
            null, APPLICATION, Set.of(leftover, "classifier-gone-changelog", "orders", "models"));
    TopicCatalog models = new TopicCatalog(List.of(MODELS));

    // when
    TopicPlan stopped =
        TopicPlan.of(
            models, cluster(topic("models", 1), topic(leftover, 12), topic("orders", 1)), request);

    // then
    assertThat(stopped.of(Delete.class)).containsExactly(new Delete(leftover));
    assertThat(stopped.of(Refused.class))
        .extracting(Refused::topic)
        .containsExactly("models", "orders");
  }

  @Test
  void shouldRefuseToPruneWhileAClassifierRuns() {
    // given
    String changelog = "classifier-embeddings-changelog";
    ClusterState running =
        new ClusterState(Map.of("models", topic("models", 1), changelog, topic(changelog, 12)), 2);

    // when
    TopicPlan plan =
        TopicPlan.of(
            new TopicCatalog(List.of(MODELS)),
            running,
            new PlanRequest(null, APPLICATION, Set.of(changelog)));

    // then
    assertThat(plan.changes())
        .containsExactly(
            new Refused(
                changelog,
                "it may be in use, the group classifier has 2 members: stop the classifiers first; one with an --instance-id counts until its session is over (45 s)"));
  }

  private static TopicSpec spec(
      String name, int partitions, Sizing sizing, @Nullable Short replication) {
    return new TopicSpec(
        name,
        "why",
        partitions,
        sizing,
        replication,
        new Form("utf-8", "key", null),
        List.of(new Form("bytes", "value", null)),
        List.of(),
        List.of(),
        List.of(),
        Map.of("retention.ms", "1000"));
  }

  private static ExistingTopic topic(String name, int partitions) {
    return new ExistingTopic(name, partitions, 1, Map.of("retention.ms", "1000"));
  }

  private static ClusterState cluster(ExistingTopic... topics) {
    Map<String, ExistingTopic> byName = new HashMap<>();
    for (ExistingTopic topic : topics) {
      byName.put(topic.name(), topic);
    }
    return new ClusterState(byName, 0);
  }
}
