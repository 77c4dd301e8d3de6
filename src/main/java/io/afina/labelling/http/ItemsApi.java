package io.afina.labelling.http;

import io.afina.event.Correction;
import io.afina.event.MalformedRecordException;
import io.afina.event.Prediction;
import io.afina.event.RecordId;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.http.Problem;
import io.afina.http.Requests;
import io.afina.labelling.LabellingService;
import io.afina.labelling.feed.ModelFeed;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.QueuedItem;
import io.afina.labelling.security.AccessFilter;
import io.afina.model.HeadCard;
import io.javalin.http.Context;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Pictures out, answers in. */
final class ItemsApi {

  private static final Pattern PAGE = Pattern.compile("[A-Za-z0-9-]{1,64}");
  private static final int MOST_NOTE = 1000;

  private final LabellingService desk;
  private final AnswerIndex ledger;
  private final ModelFeed models;
  private final int bodyLimit;
  private final int mostItems;

  ItemsApi(
      LabellingService desk, AnswerIndex ledger, ModelFeed models, int bodyLimit, int mostItems) {
    this.desk = desk;
    this.ledger = ledger;
    this.models = models;
    this.bodyLimit = bodyLimit;
    this.mostItems = mostItems;
  }

  /**
   * @param page which of the labeller's pages asks
   * @param count how many pictures, at most
   * @param have what it has and wants to keep
   */
  record Take(@Nullable String page, int count, @Nullable List<String> have) {}

  record Say(
      @Nullable String page,
      @Nullable String item,
      @Nullable String label,
      @Nullable String note) {}

  record Pass(@Nullable String item, boolean unsure) {}

  record Undo(@Nullable String page) {}

  /** A review item as the page shows it. */
  record View(
      RecordId item,
      String image,
      String picture,
      ReviewReason reason,
      double uncertainty,
      List<Prediction.Score> top,
      @Nullable Long head) {

    static View of(QueuedItem item) {
      Prediction prediction = item.review().prediction();
      return new View(
          item.id(),
          item.image(),
          pictureAt(prediction.image()),
          item.review().reason(),
          item.review().uncertainty(),
          prediction.top(),
          prediction.head());
    }
  }

  record Views(List<View> items) {}

  record Undone(String image, String label, @Nullable View item) {}

  record Labels(List<String> labels) {}

  static String pictureAt(Prediction.Position at) {
    return "/api/pictures/%d/%d".formatted(at.partition(), at.offset());
  }

  void take(Context ctx) {
    Take take = Requests.json(ctx, bodyLimit, Take.class);
    Set<RecordId> have =
        Objects.requireNonNullElse(take.have(), List.<String>of()).stream()
            .map(ItemsApi::item)
            .collect(Collectors.toSet());
    int count = Math.max(0, Math.min(take.count(), mostItems));
    Requests.answer(
        ctx,
        new Views(
            desk.take(AccessFilter.user(ctx).name(), page(take.page()), count, have).stream()
                .map(View::of)
                .toList()));
  }

  void say(Context ctx) {
    Say say = Requests.json(ctx, bodyLimit, Say.class);
    if (say.note() != null && say.note().length() > MOST_NOTE) {
      throw Problem.of(400, "bad-note", "a note has 1,000 characters at most");
    }
    desk.answer(AccessFilter.user(ctx).name(), item(say.item()), label(say.label()), say.note());
    ctx.status(204);
  }

  void pass(Context ctx) {
    Pass pass = Requests.json(ctx, bodyLimit, Pass.class);
    desk.pass(AccessFilter.user(ctx).name(), item(pass.item()), pass.unsure());
    ctx.status(204);
  }

  void undo(Context ctx) {
    Undo undo = Requests.json(ctx, bodyLimit, Undo.class);
    LabellingService.Undone undone = desk.undo(AccessFilter.user(ctx).name(), page(undo.page()));
    QueuedItem item = undone.item();
    Requests.answer(
        ctx, new Undone(undone.image(), undone.label(), item == null ? null : View.of(item)));
  }

  /** Every label that is known: the champion's, and those that people gave. */
  void labels(Context ctx) {
    Set<String> labels = new TreeSet<>(String.CASE_INSENSITIVE_ORDER.thenComparing(l -> l));
    models.champion().map(HeadCard::labels).ifPresent(labels::addAll);
    labels.addAll(ledger.labels());
    Requests.answer(ctx, new Labels(List.copyOf(labels)));
  }

  /** A label as it will be stored. */
  static String label(@Nullable String label) {
    try {
      return new Correction(Objects.requireNonNullElse(label, ""), null, null, null).label();
    } catch (MalformedRecordException e) {
      throw Problem.of(400, "bad-label", "the correction " + e.getMessage());
    }
  }

  private static RecordId item(@Nullable String text) {
    return RecordId.parse(Objects.requireNonNullElse(text, ""))
        .orElseThrow(
            () -> Problem.of(400, "bad-item", "item must be partition-offset, such as 3-141"));
  }

  private static String page(@Nullable String page) {
    if (page == null || !PAGE.matcher(page).matches()) {
      throw Problem.of(400, "bad-page", "page must name the asking page: letters, digits, hyphens");
    }
    return page;
  }
}
