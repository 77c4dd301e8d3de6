package io.afina.labelling.http;

import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import io.afina.event.Correction;
import io.afina.event.MalformedRecordException;
import io.afina.event.Prediction;
import io.afina.event.RecordId;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.http.Problem;
import io.afina.http.Requests;
import io.afina.label.LabelTable;
import io.afina.label.OutputLabels;
import io.afina.labelling.LabellingService;
import io.afina.labelling.feed.ModelFeed;
import io.afina.labelling.http.Routes.Route;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.Leased;
import io.afina.labelling.queue.QueuedItem;
import io.afina.labelling.security.AccessFilter;
import io.afina.labelling.security.UserRole;
import io.afina.model.HeadCard;
import io.afina.suspect.Suspects;
import io.afina.suspect.Suspects.Suspect;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Leases review items to labellers, and takes and undoes their answers. */
record ItemsApi(
    LabellingService labelling,
    AnswerIndex answers,
    ModelFeed models,
    Supplier<LabelTable> table,
    Duration lease,
    int bodyLimit,
    int mostItems) {

  private static final Pattern PAGE = Pattern.compile("[A-Za-z0-9-]{1,64}");
  private static final int MOST_NOTE = 1000;
  private static final double MILLIS_PER_SECOND = 1000;

  /**
   * @param page which of the labeller's pages asks
   * @param count how many pictures, at most
   * @param have what it has and wants to keep
   */
  record TakeRequest(@Nullable String page, int count, @Nullable List<String> have) {}

  record AnswerRequest(
      @Nullable String page,
      @Nullable String item,
      @Nullable String label,
      @Nullable String note) {}

  /**
   * @param missing whether the picture cannot be shown
   */
  record PassRequest(@Nullable String item, boolean unsure, boolean missing) {}

  record UndoRequest(@Nullable String page) {}

  /**
   * What looks wrong.
   *
   * @param label that was said
   * @param alike the most alike images that have labels
   */
  record SuspectView(String label, List<AlikeView> alike) {

    static SuspectView of(Suspect suspect) {
      return new SuspectView(suspect.label(), suspect.alike().stream().map(AlikeView::of).toList());
    }
  }

  record AlikeView(String image, String label, String picture) {

    static AlikeView of(Suspects.Alike alike) {
      return new AlikeView(
          alike.image(),
          alike.label(),
          pictureAt(alike.place().partition(), alike.place().offset()));
    }
  }

  /**
   * A review item as the page shows it.
   *
   * @param suspect null where the image has no label yet
   */
  record ItemView(
      RecordId item,
      String image,
      String picture,
      ReviewReason reason,
      double uncertainty,
      List<Prediction.Score> top,
      @Nullable Long head,
      @Nullable SuspectView suspect) {

    static ItemView of(QueuedItem item) {
      Prediction prediction = item.review().prediction();
      return new ItemView(
          item.id(),
          item.image(),
          pictureAt(prediction.image()),
          item.review().reason(),
          item.review().uncertainty(),
          prediction.top(),
          prediction.head(),
          item.suspect() == null ? null : SuspectView.of(item.suspect()));
    }
  }

  /**
   * @param lost of what the page has: what it may not keep
   * @param leaseSeconds how long the page may keep what it has, unless it asks again
   * @param others open items that only others may answer now
   * @param passed open items that the labeller passed
   * @param undo whether the labeller has done anything that can be undone
   */
  record ItemViews(
      List<ItemView> items,
      List<RecordId> lost,
      double leaseSeconds,
      int others,
      int passed,
      boolean undo) {}

  /**
   * @param action what was undone: {@code label}, {@code change}, {@code grid}, {@code skip} or
   *     {@code unsure}
   * @param images of how many images
   * @param label that was given
   * @param said what the labeller says of the image now
   * @param item if the labeller has it again
   */
  record UndoResponse(
      String action,
      int images,
      String image,
      @Nullable String label,
      @Nullable String said,
      @Nullable ItemView item) {}

  /**
   * @param young labels that the champion knows from few examples, and from how many
   * @param enough examples, with which a label is young no longer
   */
  record Labels(List<String> labels, Map<String, Integer> young, int enough) {}

  static String pictureAt(Prediction.Position at) {
    return pictureAt(at.partition(), at.offset());
  }

  static String pictureAt(int partition, long offset) {
    return "/api/pictures/%d/%d".formatted(partition, offset);
  }

  List<Route> routes() {
    return List.of(
        new Route(POST, "/api/items", UserRole.LABELLER, this::take),
        new Route(POST, "/api/answers", UserRole.LABELLER, this::answer),
        new Route(POST, "/api/passes", UserRole.LABELLER, this::pass),
        new Route(DELETE, "/api/passes", UserRole.LABELLER, this::askAgain),
        new Route(POST, "/api/undo", UserRole.LABELLER, this::undo),
        new Route(GET, "/api/labels", UserRole.LABELLER, this::labels));
  }

  void take(Context ctx) {
    TakeRequest take = Requests.json(ctx, bodyLimit, TakeRequest.class);
    Set<RecordId> have =
        Objects.requireNonNullElse(take.have(), List.<String>of()).stream()
            .map(ItemsApi::item)
            .collect(Collectors.toSet());
    int count = Math.max(0, Math.min(take.count(), mostItems));
    String user = AccessFilter.user(ctx).name();
    Leased leased = labelling.take(user, page(take.page()), count, have);
    Requests.answer(
        ctx,
        new ItemViews(
            leased.items().stream().map(ItemView::of).toList(),
            List.copyOf(leased.lost()),
            lease.toMillis() / MILLIS_PER_SECOND,
            leased.others(),
            leased.passed(),
            labelling.canUndo(user)));
  }

  void answer(Context ctx) {
    AnswerRequest answer = Requests.json(ctx, bodyLimit, AnswerRequest.class);
    if (answer.note() != null && answer.note().length() > MOST_NOTE) {
      throw Problem.of(400, "bad-note", "a note has 1,000 characters at most");
    }
    String label = usable(label(answer.label()), table.get());
    labelling.answer(AccessFilter.user(ctx).name(), item(answer.item()), label, answer.note());
    ctx.status(204);
  }

  void pass(Context ctx) {
    PassRequest pass = Requests.json(ctx, bodyLimit, PassRequest.class);
    labelling.pass(AccessFilter.user(ctx).name(), item(pass.item()), pass.unsure(), pass.missing());
    ctx.status(204);
  }

  /** Asks the labeller again about all that he passed on. */
  void askAgain(Context ctx) {
    labelling.askAgain(AccessFilter.user(ctx).name());
    ctx.status(204);
  }

  void undo(Context ctx) {
    UndoRequest undo = Requests.json(ctx, bodyLimit, UndoRequest.class);
    LabellingService.Undone undone =
        labelling.undo(AccessFilter.user(ctx).name(), page(undo.page()));
    ItemView item = undone.item() == null ? null : ItemView.of(undone.item());
    Requests.answer(
        ctx,
        new UndoResponse(
            undone.action(), undone.images(), undone.image(), undone.label(), undone.said(), item));
  }

  /** Lists every known label: the champion's, and those that people gave. */
  void labels(Context ctx) {
    LabelTable now = table.get();
    Set<String> labels = new TreeSet<>(String.CASE_INSENSITIVE_ORDER.thenComparing(l -> l));
    models
        .champion()
        .map(card -> OutputLabels.of(card.labels(), now).names())
        .ifPresent(labels::addAll);
    labels.addAll(answers.labels());
    Map<String, Integer> young = new TreeMap<>();
    models
        .champion()
        .ifPresent(
            card ->
                card.training()
                    .young()
                    .forEach((label, count) -> young.put(now.name(label), count)));
    Requests.answer(ctx, new Labels(List.copyOf(labels), young, HeadCard.Training.YOUNG));
  }

  /** Returns a label as it will be stored. */
  static String label(@Nullable String label) {
    try {
      return new Correction(Objects.requireNonNullElse(label, ""), null, null, null).label();
    } catch (MalformedRecordException e) {
      throw Problem.of(400, "bad-label", "the correction " + e.getMessage());
    }
  }

  /** The label, unless it is used no longer. */
  static String usable(String label, LabelTable table) {
    if (table.isRetired(label)) {
      throw Problem.of(
          422,
          "retired-label",
          "'%s' is retired: take another label, or ask a reviewer".formatted(label));
    }
    return label;
  }

  static RecordId item(@Nullable String text) {
    return RecordId.parse(Objects.requireNonNullElse(text, ""))
        .orElseThrow(
            () -> Problem.of(400, "bad-item", "item must be partition-offset, such as 3-141"));
  }

  static String page(@Nullable String page) {
    if (page == null || !PAGE.matcher(page).matches()) {
      throw Problem.of(400, "bad-page", "page must name the asking page: letters, digits, hyphens");
    }
    return page;
  }
}
