package io.afina.labelling.http;

import io.afina.event.AliasRecord;
import io.afina.event.ModelKey;
import io.afina.labelling.feed.ModelFeed;
import io.afina.labelling.feed.ModelFeed.Move;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.model.HeadCard;
import io.afina.model.Measures;
import io.afina.model.Measures.LabelMeasures;
import io.afina.model.Verdict;
import io.afina.model.Verdict.Decision;
import io.afina.model.WilsonInterval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Views heads and aliases as the page lists and draws them: in few bytes, whatever they hold. */
record HeadViews(ModelFeed models, AnswerIndex answers) {

  /** Points of the chart. */
  private static final int MOST_POINTS = 300;

  /**
   * A head in the list.
   *
   * @param labels how many it has
   * @param accuracy on the examples trained on
   * @param measured null without an evaluation
   * @param live how right it was on the pictures that people labelled, if they did
   */
  record HeadView(
      long version,
      @Nullable Long parent,
      Instant created,
      Verdict verdict,
      int labels,
      int examples,
      double accuracy,
      double seconds,
      @Nullable Measured measured,
      @Nullable WilsonInterval live) {}

  /**
   * An evaluation on examples that were not trained on.
   *
   * @param share the accuracy, with its interval
   * @param labels how many of its labels have such examples
   */
  record Measured(Measures.Method method, WilsonInterval share, int labels) {}

  /** A head that answered, in the chart. */
  record Point(
      long version,
      int examples,
      double accuracy,
      @Nullable Measured measured,
      @Nullable WilsonInterval live) {}

  /** What an alias points at now, without its history. */
  record AliasView(@Nullable Long version, String who, Instant at, String why) {}

  /** One head in the list. */
  HeadView view(HeadCard card, Map<Long, WilsonInterval> live) {
    return new HeadView(
        card.version(),
        card.parent(),
        card.created(),
        card.verdict(),
        card.labels().size(),
        card.training().examples(),
        card.training().accuracy(),
        card.training().seconds(),
        measured(card),
        live.get(card.version()));
  }

  /** The newest heads that answered, of those after a version, the oldest first. */
  List<Point> chart(long after) {
    Map<Long, WilsonInterval> live = answers.accuracyByHead();
    Set<Long> answered = answered();
    List<Point> points =
        models.cards().stream()
            .filter(card -> card.version() > after && answered.contains(card.version()))
            .map(
                card ->
                    new Point(
                        card.version(),
                        card.training().examples(),
                        card.training().accuracy(),
                        measured(card),
                        live.get(card.version())))
            .toList();
    return points.subList(Math.max(0, points.size() - MOST_POINTS), points.size());
  }

  Map<String, AliasView> aliases() {
    Map<String, AliasView> views = new TreeMap<>();
    models
        .aliases()
        .forEach(
            (name, to) ->
                views.put(name, new AliasView(to.version(), to.who(), to.at(), to.why())));
    return views;
  }

  /** How aliases moved, the newest first: what they remember, and what was seen. */
  List<Move> moves() {
    Set<List<Object>> known = new HashSet<>();
    List<Move> moves = new ArrayList<>();
    Stream.concat(
            models.moves().stream(), models.aliases().entrySet().stream().flatMap(HeadViews::past))
        .map(HeadViews::withoutHistory)
        .filter(move -> known.add(List.of(move.alias(), move.to().at())))
        .forEach(moves::add);
    moves.sort(Comparator.comparing((Move move) -> move.to().at()).reversed());
    return moves;
  }

  private Set<Long> answered() {
    Set<Long> versions = new LinkedHashSet<>();
    models.cards().stream()
        .filter(card -> card.verdict().decision() == Decision.PROMOTED)
        .forEach(card -> versions.add(card.version()));
    moves().stream()
        .filter(move -> move.alias().equals(ModelKey.CHAMPION.name()))
        .map(move -> move.to().version())
        .filter(Objects::nonNull)
        .forEach(versions::add);
    return versions;
  }

  private static Stream<Move> past(Map.Entry<String, AliasRecord> alias) {
    return alias.getValue().history().stream()
        .map(
            to ->
                new Move(
                    alias.getKey(), new AliasRecord(to.version(), to.who(), to.at(), to.why())));
  }

  private static Move withoutHistory(Move move) {
    AliasRecord to = move.to();
    return new Move(move.alias(), new AliasRecord(to.version(), to.who(), to.at(), to.why()));
  }

  private static @Nullable Measured measured(HeadCard card) {
    Measures measures = card.measures();
    if (measures == null || measures.examples() == 0) {
      return null;
    }
    int right = (int) Math.round(measures.accuracy() * measures.examples());
    Set<String> labels = Set.copyOf(card.labels());
    long seen =
        measures.labels().stream()
            .filter(label -> label.examples() > 0)
            .map(LabelMeasures::label)
            .filter(labels::contains)
            .count();
    return new Measured(
        measures.method(),
        WilsonInterval.of(Math.min(right, measures.examples()), measures.examples()),
        (int) seen);
  }
}
