package io.afina.labelling.http;

import io.afina.label.LabelRecord;
import io.afina.label.LabelRecord.State;
import io.afina.label.LabelTable;
import io.afina.labelling.feed.ModelFeed;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.Labelled;
import io.afina.model.HeadCard;
import io.afina.model.Measures;
import io.afina.model.Measures.LabelMeasures;
import io.afina.model.WilsonInterval;
import io.afina.suspect.Suspects;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Views labels as their page shows them. */
record LabelViews(Supplier<LabelTable> table, AnswerIndex answers, ModelFeed models) {

  private static final int PICTURES = 6;

  /** All labels, those among them that are used no longer. */
  record LabelViewList(List<LabelView> labels) {}

  /**
   * A label.
   *
   * @param names that lead to it besides
   * @param examples ids of images that show it
   * @param state null while people have given it and no model has learned it
   * @param into the name of the label that it was merged into
   * @param undo whether its last change can be taken back
   * @param count images that bear it, as far back as answers are remembered
   * @param pictures the last of them
   * @param suspects how many of the examples that bear it look wrong
   * @param recall of the champion, on pictures that it had not learned; null where there are none
   */
  record LabelView(
      String name,
      List<String> names,
      @Nullable String description,
      List<String> examples,
      @Nullable String colour,
      @Nullable String key,
      @Nullable State state,
      @Nullable String into,
      @Nullable String who,
      @Nullable Instant at,
      @Nullable String why,
      boolean undo,
      int count,
      List<Shown> pictures,
      int suspects,
      @Nullable WilsonInterval recall) {}

  /** An image and where its picture is. */
  record Shown(String image, String picture) {}

  LabelViewList all() {
    LabelTable now = table.get();
    Map<String, Labelled> labelled = answers.labelled(PICTURES);
    Map<String, WilsonInterval> recalls = recalls(now);
    Map<String, Integer> suspects = new HashMap<>();
    models
        .suspects()
        .map(Suspects::byLabel)
        .orElse(Map.of())
        .forEach((label, count) -> suspects.merge(now.id(label), count, Integer::sum));
    List<LabelView> views = new ArrayList<>();
    now.records()
        .forEach(
            (id, record) ->
                views.add(
                    view(
                        now,
                        record,
                        labelled.get(id),
                        suspects.getOrDefault(id, 0),
                        recalls.get(id))));
    answers.labels().stream()
        .filter(name -> now.find(name).isEmpty())
        .map(name -> view(name, labelled.get(now.id(name))))
        .forEach(views::add);
    views.sort(Comparator.comparing(LabelView::name, String.CASE_INSENSITIVE_ORDER));
    return new LabelViewList(views);
  }

  private static LabelView view(
      LabelTable now,
      LabelRecord record,
      @Nullable Labelled labelled,
      int suspects,
      @Nullable WilsonInterval recall) {
    return new LabelView(
        record.name(),
        record.names(),
        record.description(),
        record.examples(),
        record.colour(),
        record.key(),
        record.state(),
        record.into() == null ? null : now.name(record.into()),
        record.who(),
        record.at(),
        record.why(),
        !record.history().isEmpty(),
        labelled == null ? 0 : labelled.count(),
        pictures(labelled),
        suspects,
        recall);
  }

  private static LabelView view(String name, @Nullable Labelled labelled) {
    return new LabelView(
        name,
        List.of(),
        null,
        List.of(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        labelled == null ? 0 : labelled.count(),
        pictures(labelled),
        0,
        null);
  }

  private static List<Shown> pictures(@Nullable Labelled labelled) {
    return labelled == null
        ? List.of()
        : labelled.shown().entrySet().stream()
            .map(shown -> new Shown(shown.getKey(), ItemsApi.pictureAt(shown.getValue())))
            .toList();
  }

  /** Of labels that became one since the champion was judged, all their pictures. */
  private Map<String, WilsonInterval> recalls(LabelTable now) {
    Map<String, WilsonInterval> recalls = new HashMap<>();
    models
        .champion()
        .map(HeadCard::measures)
        .map(Measures::labels)
        .orElse(List.of())
        .forEach(
            label ->
                recall(label)
                    .ifPresent(own -> recalls.merge(now.id(label.label()), own, LabelViews::both)));
    return recalls;
  }

  private static Optional<WilsonInterval> recall(LabelMeasures label) {
    int right = (int) Math.round(label.recall() * label.examples());
    return label.examples() == 0
        ? Optional.empty()
        : Optional.of(WilsonInterval.of(right, label.examples()));
  }

  private static WilsonInterval both(WilsonInterval one, WilsonInterval other) {
    return WilsonInterval.of(one.right() + other.right(), one.total() + other.total());
  }
}
