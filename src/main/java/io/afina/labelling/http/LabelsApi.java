package io.afina.labelling.http;

import static io.afina.labelling.security.UserRole.LABELLER;
import static io.afina.labelling.security.UserRole.REVIEWER;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import io.afina.http.Problem;
import io.afina.http.Requests;
import io.afina.label.LabelDescription;
import io.afina.label.LabelEdits;
import io.afina.label.LabelRecord;
import io.afina.label.LabelTable;
import io.afina.labelling.http.Routes.Route;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.security.AccessFilter;
import io.afina.lifecycle.AfinaException;
import io.afina.log.Audit;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Changes labels for reviewers, and shows to everybody what they mean. */
record LabelsApi(Writer writer, LabelViews views, AnswerIndex answers, int bodyLimit) {

  /** Writes a change of the labels of now, and gives what was written. */
  @FunctionalInterface
  interface Writer {
    Map<String, LabelRecord> write(Function<LabelTable, Map<String, LabelRecord>> edit);
  }

  private static final int MOST_MERGED = 100;

  record RenameRequest(@Nullable String label, @Nullable String name, @Nullable String why) {}

  record MergeRequest(@Nullable List<String> labels, @Nullable String into, @Nullable String why) {}

  record RetireRequest(@Nullable String label, @Nullable String why) {}

  record DescribeRequest(
      @Nullable String label,
      @Nullable String text,
      @Nullable List<String> examples,
      @Nullable String colour,
      @Nullable String key,
      @Nullable String why) {}

  /**
   * @param label whose last change is taken back; null for the last of all
   */
  record UndoRequest(@Nullable String label) {}

  List<Route> routes() {
    return List.of(
        new Route(GET, "/api/labels/all", LABELLER, this::list),
        new Route(POST, "/api/labels/rename", REVIEWER, this::rename),
        new Route(POST, "/api/labels/merge", REVIEWER, this::merge),
        new Route(POST, "/api/labels/retire", REVIEWER, this::retire),
        new Route(POST, "/api/labels/describe", REVIEWER, this::describe),
        new Route(POST, "/api/labels/undo", REVIEWER, this::undo));
  }

  void list(Context ctx) {
    Requests.answer(ctx, views.all());
  }

  void rename(Context ctx) {
    RenameRequest wanted = Requests.json(ctx, bodyLimit, RenameRequest.class);
    String label = given("label", wanted.label());
    String name = given("name", wanted.name());
    edit(ctx, wanted.why(), List.of(label), (edits, table) -> edits.rename(table, label, name));
  }

  void merge(Context ctx) {
    MergeRequest wanted = Requests.json(ctx, bodyLimit, MergeRequest.class);
    String into = given("into", wanted.into());
    List<String> labels =
        Objects.requireNonNullElse(wanted.labels(), List.<String>of()).stream()
            .map(label -> given("labels", label))
            .toList();
    if (labels.isEmpty() || labels.size() > MOST_MERGED) {
      throw Problem.of(400, "bad-parameter", "labels must name 1 to %d".formatted(MOST_MERGED));
    }
    edit(ctx, wanted.why(), labels, (edits, table) -> edits.merge(table, labels, into));
  }

  void retire(Context ctx) {
    RetireRequest wanted = Requests.json(ctx, bodyLimit, RetireRequest.class);
    String label = given("label", wanted.label());
    edit(ctx, wanted.why(), List.of(label), (edits, table) -> edits.retire(table, label));
  }

  void describe(Context ctx) {
    DescribeRequest wanted = Requests.json(ctx, bodyLimit, DescribeRequest.class);
    String label = given("label", wanted.label());
    edit(
        ctx,
        wanted.why(),
        List.of(),
        (edits, table) ->
            edits.describe(
                table,
                label,
                new LabelDescription(
                    wanted.text(), wanted.examples(), wanted.colour(), wanted.key())));
  }

  void undo(Context ctx) {
    UndoRequest wanted = Requests.json(ctx, bodyLimit, UndoRequest.class);
    edit(
        ctx,
        null,
        List.of(),
        (edits, table) -> LabelEdits.undo(table, Optional.ofNullable(wanted.label())));
  }

  /**
   * Writes a change.
   *
   * @param used labels that people may have given that are in no table yet: they are added first
   */
  private void edit(
      Context ctx,
      @Nullable String why,
      Collection<String> used,
      BiFunction<LabelEdits, LabelTable, Map<String, LabelRecord>> edit) {
    String who = AccessFilter.user(ctx).name();
    Map<String, LabelRecord> written;
    try {
      LabelEdits edits =
          new LabelEdits(who, Instant.now(), ModelsApi.why(why, "on the labels page"));
      written =
          writer.write(
              table -> {
                Map<String, LabelRecord> all = new TreeMap<>(edits.declare(table, given(used)));
                all.putAll(edit.apply(edits, table.with(all)));
                return all;
              });
    } catch (AfinaException | KafkaException e) {
      throw Problem.of(409, "refused", Objects.requireNonNullElse(e.getMessage(), e.toString()));
    }
    Audit.did(who, ctx.ip()).addKeyValue("labels", written.keySet()).log("labels changed");
    ctx.status(204);
  }

  /** Those of some labels that somebody has given. */
  private List<String> given(Collection<String> used) {
    LabelTable known = LabelTable.EMPTY;
    return answers.labels().stream()
        .filter(label -> used.stream().anyMatch(name -> known.same(name, label)))
        .toList();
  }

  private static String given(String what, @Nullable String text) {
    if (text == null || text.isBlank()) {
      throw Problem.of(400, "bad-parameter", what + " must not be empty");
    }
    return text;
  }
}
