package io.afina.cli.backbone;

import io.afina.cli.option.TerminalText;
import io.afina.config.AfinaConfig;
import io.afina.event.AliasRecord;
import io.afina.event.BackboneRecord.State;
import io.afina.event.ClassifierMember;
import io.afina.event.ClassifierMember.Loaded;
import io.afina.event.ModelKey;
import io.afina.kafka.ClassifierMembers;
import io.afina.kafka.ClusterCalls;
import io.afina.kafka.GroupProgress;
import io.afina.model.HeadCard;
import io.afina.model.HeadFile;
import io.afina.model.ModelLog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the backbones of an installation stand.
 *
 * @param champion version of the head that answers, or null before there is one
 * @param backbones those that the registry names, and the champion's
 * @param members processes in the classifiers' group
 */
record UpgradeStatus(@Nullable Long champion, List<Stage> backbones, int members) {

  /**
   * How far one of them is.
   *
   * @param id the SHA-256 of its file in hex
   * @param state as the registry has it, or {@code configured} where that does not name it
   * @param answers whether the champion is one of its heads
   * @param notReady why members of the group do not have it loaded, by their names
   * @param embedded labelled pictures that have an embedding of it, or null where that is not known
   * @param head its newest head and the verdict on it, or null where there is none
   */
  record Stage(
      String id,
      String name,
      String address,
      String state,
      boolean answers,
      Map<String, String> notReady,
      @Nullable GroupProgress embedded,
      @Nullable Judged head) {

    /** Whether classifiers are to load it, and labelled pictures to be embedded with it. */
    boolean isWanted() {
      return state.equals(text(State.WANTED));
    }
  }

  /** A head and what the gate said of it. */
  record Judged(long version, int examples, String decision, String why) {}

  static UpgradeStatus read(AfinaConfig config, ModelLog models) {
    try (ClassifierMembers group = new ClassifierMembers(config);
        ClusterCalls cluster = ClusterCalls.connect(Map.copyOf(config.kafka()))) {
      return of(models, group.read(), id -> embedded(config, cluster, id));
    }
  }

  /** The workers of each backbone are a group, which reads all kept pictures. */
  private static Optional<GroupProgress> embedded(
      AfinaConfig config, ClusterCalls cluster, String backbone) {
    return GroupProgress.of(
        cluster,
        "%s-embed-%.12s".formatted(config.classifier().applicationId(), backbone),
        config.topics().pictures().name());
  }

  private static UpgradeStatus of(
      ModelLog models,
      Map<String, Optional<ClassifierMember>> members,
      Function<String, Optional<GroupProgress>> progress) {
    Optional<HeadCard> champion = champion(models);
    String answering = champion.map(HeadCard::backbone).orElse("");
    List<Stage> stages = new ArrayList<>();
    models
        .backbones()
        .forEach(
            (id, said) ->
                stages.add(
                    new Stage(
                        id,
                        said.name(),
                        said.address(),
                        text(said.state()),
                        id.equals(answering),
                        said.state() == State.FINISHED
                            ? Map.of()
                            : ClassifierMembers.without(id, members),
                        said.state() == State.WANTED ? progress.apply(id).orElse(null) : null,
                        newestHead(models, id))));
    if (champion.isPresent() && !models.backbones().containsKey(answering)) {
      stages.add(configured(models, answering, members));
    }
    stages.sort(Comparator.comparing((Stage stage) -> !stage.answers()).thenComparing(Stage::name));
    return new UpgradeStatus(
        champion.map(HeadCard::version).orElse(null), List.copyOf(stages), members.size());
  }

  private static Stage configured(
      ModelLog models, String id, Map<String, Optional<ClassifierMember>> members) {
    Optional<Loaded> loaded =
        members.values().stream()
            .flatMap(Optional::stream)
            .flatMap(member -> member.loaded(id))
            .findFirst();
    return new Stage(
        id,
        loaded.map(Loaded::name).orElse("-"),
        loaded.map(Loaded::address).orElse("-"),
        "configured",
        true,
        ClassifierMembers.without(id, members),
        null,
        newestHead(models, id));
  }

  /** The card of the head that answers. */
  static Optional<HeadCard> champion(ModelLog models) {
    return models
        .alias(ModelKey.CHAMPION)
        .map(AliasRecord::version)
        .flatMap(models::head)
        .flatMap(HeadFile::card);
  }

  private static @Nullable Judged newestHead(ModelLog models, String backbone) {
    for (long version : models.versions().descendingSet()) {
      HeadCard card = models.head(version).flatMap(HeadFile::card).orElse(null);
      if (card != null && card.backbone().equals(backbone)) {
        return new Judged(
            version,
            card.training().examples(),
            card.verdict().decision().name().toLowerCase(Locale.ROOT),
            card.verdict().why());
      }
    }
    return null;
  }

  private static String text(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** One line a backbone, and under it what it waits for. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%-12s  %-24s %-10s %-8s %-11s %s"
            .formatted("backbone", "name", "state", "loaded", "embedded", "newest head"));
    for (Stage stage : backbones) {
      lines.add(row(stage));
      stage
          .notReady()
          .forEach(
              (member, why) ->
                  lines.add(
                      "%-12s  waits for %s: %s"
                          .formatted("", TerminalText.text(member), TerminalText.text(why))));
    }
    lines.add(next());
    return lines;
  }

  private String row(Stage stage) {
    return "%.12s  %-24s %-10s %-8s %-11s %s"
        .formatted(
            stage.id(),
            TerminalText.cut(TerminalText.text(stage.name()), 24),
            stage.answers() ? "answers" : stage.state(),
            stage.state().equals(text(State.FINISHED))
                ? "-"
                : "%d of %d".formatted(members - stage.notReady().size(), members),
            stage.embedded() == null
                ? "-"
                : "%d of %d".formatted(stage.embedded().done(), stage.embedded().all()),
            stage.head() == null ? "-" : head(stage.head()));
  }

  private static String head(Judged head) {
    return "%d on %d examples, %s: %s"
        .formatted(head.version(), head.examples(), head.decision(), TerminalText.text(head.why()));
  }

  /** What there is to do, or to wait for. */
  private String next() {
    Optional<Stage> wanted = backbones.stream().filter(Stage::isWanted).findFirst();
    if (wanted.isPresent()) {
      return wanted.get().notReady().isEmpty()
          ? "wanted: a head of it is trained once the labelled pictures are embedded; it answers when the gate or 'afina models promote' says so"
          : "wanted: nothing is promoted before all classifiers have it; 'afina backbone upgrade --cancel' gives it up";
    }
    boolean former =
        backbones.stream()
            .anyMatch(stage -> !stage.answers() && stage.state().equals(text(State.ANSWERING)));
    return former
        ? "'afina models rollback' brings the one before back; 'afina backbone upgrade --finish' gives it up"
        : "no upgrade is under way";
  }
}
