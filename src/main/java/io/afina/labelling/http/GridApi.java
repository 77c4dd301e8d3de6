package io.afina.labelling.http;

import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import io.afina.event.Embedding;
import io.afina.event.Prediction;
import io.afina.event.RecordId;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.http.Problem;
import io.afina.http.Requests;
import io.afina.label.LabelTable;
import io.afina.labelling.LabellingService;
import io.afina.labelling.feed.ImageIdLimit;
import io.afina.labelling.grid.Alike;
import io.afina.labelling.grid.GridChoice;
import io.afina.labelling.grid.GridChoice.Chosen;
import io.afina.labelling.grid.LabelledPicture;
import io.afina.labelling.grid.PictureIndex;
import io.afina.labelling.http.Routes.Route;
import io.afina.labelling.queue.GridLeasing;
import io.afina.labelling.queue.QueuedItem;
import io.afina.labelling.security.AccessFilter;
import io.afina.labelling.security.User;
import io.afina.labelling.security.UserRole;
import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Gives out pictures that look alike, and takes one label for many of them. */
record GridApi(
    LabellingService labelling,
    GridLeasing leasing,
    PictureIndex labelled,
    PicturesApi pictures,
    Supplier<LabelTable> table,
    ImageIdLimit ids,
    int bodyLimit) {

  private static final int SIZE = GridLeasing.MOST;

  /** Exceptions that a page does not want again. */
  private static final int MOST_EXCEPT = 1_000;

  /**
   * @param page which of the labeller's pages asks
   * @param guess of which pictures are wanted, or null for the one that most have; empty for those
   *     without
   * @param like an image: those are wanted that are most like it, whatever their guess
   * @param except items that are not wanted
   */
  record GridRequest(
      @Nullable String page,
      @Nullable String guess,
      @Nullable String like,
      @Nullable List<String> except) {}

  /**
   * A picture of a grid.
   *
   * @param item the open item; null for a labelled image that nobody asks about
   * @param copy where its kept copy is, if it is labelled
   * @param label that it bears
   * @param top what it is guessed to be
   */
  record Tile(
      @Nullable RecordId item,
      String image,
      @Nullable String picture,
      @Nullable String copy,
      @Nullable String label,
      List<Prediction.Score> top) {}

  record Guess(String label, int count) {}

  /**
   * @param guess that all of them have; null where they are like a picture, or there are none
   * @param guesses of all open items that the labeller may be given, the most frequent first
   */
  record Grid(@Nullable String guess, List<Tile> tiles, List<Guess> guesses) {}

  /**
   * @param label that all get
   * @param items open ones
   * @param images that nobody asks about; only reviewers may name any
   */
  record AnswerRequest(
      @Nullable String label, @Nullable List<String> items, @Nullable List<String> images) {}

  /**
   * @param sent how many corrections
   * @param lost items that were answered, or given to others, meanwhile
   */
  record Answered(int sent, List<RecordId> lost) {}

  List<Route> routes() {
    return List.of(
        new Route(POST, "/api/grids", UserRole.LABELLER, this::take),
        new Route(POST, "/api/grids/answers", UserRole.LABELLER, this::answer),
        new Route(GET, "/api/copies", UserRole.LABELLER, this::copy));
  }

  void take(Context ctx) {
    GridRequest request = Requests.json(ctx, bodyLimit, GridRequest.class);
    String page = ItemsApi.page(request.page());
    User user = AccessFilter.user(ctx);
    Set<RecordId> except = Set.copyOf(items(request.except(), MOST_EXCEPT));
    List<QueuedItem> open =
        leasing.free(user.name(), page).stream()
            .filter(item -> !except.contains(item.id()))
            .toList();
    List<Guess> guesses =
        GridChoice.guesses(open).entrySet().stream()
            .map(each -> new Guess(each.getKey(), each.getValue()))
            .toList();
    Requests.answer(
        ctx,
        request.like() == null
            ? alike(user, page, GridChoice.choose(open, request.guess(), SIZE), guesses)
            : like(user, page, open, ImagesApi.id(ids, request.like()), guesses));
  }

  private Grid alike(User user, String page, Optional<Chosen> chosen, List<Guess> guesses) {
    List<Tile> tiles =
        lease(user, page, chosen.map(Chosen::items).orElse(List.of())).stream()
            .map(GridApi::tile)
            .toList();
    return new Grid(chosen.map(Chosen::label).orElse(null), tiles, guesses);
  }

  /** Open items; for reviewers labelled images too, which a label of theirs changes. */
  private Grid like(
      User user, String page, List<QueuedItem> open, String image, List<Guess> guesses) {
    Embedding to =
        embedding(image)
            .orElseThrow(
                () ->
                    Problem.of(
                        404,
                        "no-embedding",
                        "nothing is known of how this picture looks: it is neither asked about nor labelled"));
    List<Alike<Object>> all = new ArrayList<>();
    for (Alike<QueuedItem> each : GridChoice.like(to.values(), to.backbone(), open, SIZE)) {
      all.add(new Alike<>(each.picture(), each.cosine()));
    }
    if (user.role().includes(UserRole.REVIEWER)) {
      for (Alike<LabelledPicture> each : labelled.nearest(to, SIZE)) {
        all.add(new Alike<>(each.picture(), each.cosine()));
      }
    }
    List<Object> nearest =
        all.stream().sorted(Alike.order()).limit(SIZE).map(Alike::picture).toList();
    List<QueuedItem> leased = lease(user, page, nearest.stream().flatMap(GridApi::item).toList());
    List<Tile> tiles =
        nearest.stream()
            .filter(each -> !(each instanceof QueuedItem item) || leased.contains(item))
            .map(
                each -> each instanceof QueuedItem item ? tile(item) : tile((LabelledPicture) each))
            .toList();
    return new Grid(null, tiles, guesses);
  }

  private static Stream<QueuedItem> item(Object picture) {
    return picture instanceof QueuedItem item ? Stream.of(item) : Stream.empty();
  }

  private List<QueuedItem> lease(User user, String page, List<QueuedItem> chosen) {
    List<QueuedItem> leased = leasing.lease(user.name(), page, chosen);
    leased.forEach(labelling::prefetch);
    return leased;
  }

  private Optional<Embedding> embedding(String image) {
    return leasing
        .find(image)
        .flatMap(
            item ->
                item.review()
                    .vector()
                    .map(values -> new Embedding(prediction(item).backbone(), values)))
        .or(() -> labelled.find(image).map(LabelledPicture::embedding));
  }

  private static Tile tile(QueuedItem item) {
    return new Tile(
        item.id(),
        item.image(),
        ItemsApi.pictureAt(prediction(item).image()),
        null,
        null,
        prediction(item).top());
  }

  private static Prediction prediction(QueuedItem item) {
    return item.review().prediction();
  }

  private Tile tile(LabelledPicture image) {
    ImagePlace place = image.place();
    return new Tile(
        null,
        image.image(),
        place == null ? null : ItemsApi.pictureAt(place.partition(), place.offset()),
        place == null || !place.kept()
            ? null
            : "/api/copies?image=" + URLEncoder.encode(image.image(), StandardCharsets.UTF_8),
        table.get().name(image.label()),
        List.of());
  }

  void answer(Context ctx) {
    AnswerRequest request = Requests.json(ctx, bodyLimit, AnswerRequest.class);
    User user = AccessFilter.user(ctx);
    String label = ItemsApi.usable(ItemsApi.label(request.label()), table.get());
    List<RecordId> items = items(request.items(), SIZE);
    List<String> images =
        Objects.requireNonNullElse(request.images(), List.<String>of()).stream()
            .map(image -> ImagesApi.id(ids, image))
            .distinct()
            .toList();
    if (images.size() > SIZE) {
      throw tooMany(SIZE);
    }
    if (!images.isEmpty() && !user.role().includes(UserRole.REVIEWER)) {
      throw Problem.of(403, "wrong-role", "only reviewers label what nobody asks about");
    }
    List<RecordId> lost = labelling.answerAll(user.name(), items, images, label);
    Requests.answer(ctx, new Answered(items.size() + images.size() - lost.size(), lost));
  }

  /** Serves the kept copy of an image. */
  void copy(Context ctx) {
    String image = ImagesApi.id(ids, ctx.queryParam("image"));
    try {
      pictures.send(
          ctx,
          labelled
              .copy(image)
              .orElseThrow(
                  () -> Problem.of(404, "no-picture", "this picture is not kept any more")));
    } catch (TimeoutException e) {
      throw Problem.later(
          503, "kafka-late", "Kafka did not give the picture in time; try again", 2);
    }
  }

  private static List<RecordId> items(@Nullable List<String> given, int most) {
    List<RecordId> items =
        Objects.requireNonNullElse(given, List.<String>of()).stream()
            .map(ItemsApi::item)
            .distinct()
            .collect(Collectors.toList());
    if (items.size() > most) {
      throw tooMany(most);
    }
    return items;
  }

  private static Problem tooMany(int most) {
    return Problem.of(400, "bad-parameter", "at most %,d pictures at once".formatted(most));
  }
}
