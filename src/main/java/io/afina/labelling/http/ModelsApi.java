package io.afina.labelling.http;

import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import io.afina.http.Problem;
import io.afina.http.Requests;
import io.afina.labelling.ModelActions;
import io.afina.labelling.feed.ModelFeed;
import io.afina.labelling.feed.ModelFeed.Move;
import io.afina.labelling.http.Routes.Route;
import io.afina.labelling.security.AccessFilter;
import io.afina.labelling.security.UserRole;
import io.afina.log.Audit;
import io.afina.model.HeadCard;
import io.afina.model.WilsonInterval;
import io.javalin.http.Context;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lists heads and aliases, promotes heads, rolls back and unpins. */
record ModelsApi(ModelFeed models, HeadViews views, ModelActions actions, int bodyLimit) {

  private static final String HERE = "on the models page";
  private static final int MOST_WHY = 500;
  private static final int MOST_OF_A_PAGE = 200;
  private static final String PAGE = "50";

  record PromoteRequest(long version, @Nullable String why) {}

  record WhyRequest(@Nullable String why) {}

  /**
   * A page of heads.
   *
   * @param heads the newest first
   * @param next the {@code before} of the next page, or null when this is the last
   */
  record Models(
      List<HeadViews.HeadView> heads,
      @Nullable Long next,
      Map<String, HeadViews.AliasView> aliases) {}

  record Chart(List<HeadViews.Point> points) {}

  /**
   * A page of the moves of aliases.
   *
   * @param moves the newest first
   * @param next the {@code from} of the next page, or null when this is the last
   */
  record Moves(List<Move> moves, @Nullable Integer next) {}

  List<Route> routes() {
    return List.of(
        new Route(GET, "/api/models", UserRole.LABELLER, this::list),
        new Route(GET, "/api/models/chart", UserRole.LABELLER, this::chart),
        new Route(GET, "/api/models/{version}", UserRole.LABELLER, this::get),
        new Route(GET, "/api/moves", UserRole.LABELLER, this::moves),
        new Route(POST, "/api/models/promote", UserRole.REVIEWER, this::promote),
        new Route(POST, "/api/models/rollback", UserRole.REVIEWER, this::rollback),
        new Route(POST, "/api/models/unpin", UserRole.REVIEWER, this::unpin));
  }

  void list(Context ctx) {
    long before = number(ctx, "before", String.valueOf(Long.MAX_VALUE), Long.MAX_VALUE);
    int count = count(ctx);
    Map<Long, WilsonInterval> live = views.answers().accuracyByHead();
    List<HeadCard> older = models.cards().stream().filter(card -> card.version() < before).toList();
    List<HeadViews.HeadView> page =
        older.subList(Math.max(0, older.size() - count), older.size()).stream()
            .map(card -> views.view(card, live))
            .sorted(Comparator.comparing(HeadViews.HeadView::version).reversed())
            .toList();
    Long next = page.size() < older.size() ? page.get(page.size() - 1).version() : null;
    Requests.answer(ctx, new Models(page, next, views.aliases()));
  }

  void get(Context ctx) {
    long version = Requests.number("version", ctx.pathParam("version"), 1, Long.MAX_VALUE);
    Requests.answer(ctx, models.card(version).orElseThrow(() -> missing(version)));
  }

  void chart(Context ctx) {
    Requests.answer(ctx, new Chart(views.chart(number(ctx, "after", "0", Long.MAX_VALUE))));
  }

  void moves(Context ctx) {
    List<Move> all = views.moves();
    int from = (int) Math.min(all.size(), number(ctx, "from", "0", Integer.MAX_VALUE));
    int to = Math.min(all.size(), from + count(ctx));
    Requests.answer(ctx, new Moves(all.subList(from, to), to < all.size() ? to : null));
  }

  private static int count(Context ctx) {
    return (int) Math.max(1, number(ctx, "count", PAGE, MOST_OF_A_PAGE));
  }

  private static long number(Context ctx, String name, String otherwise, long most) {
    return Requests.number(
        name, Objects.requireNonNullElse(ctx.queryParam(name), otherwise), 0, most);
  }

  private static Problem missing(long version) {
    return Problem.of(404, "no-head", "there is no head " + version);
  }

  void promote(Context ctx) {
    PromoteRequest request = Requests.json(ctx, bodyLimit, PromoteRequest.class);
    if (models.card(request.version()).isEmpty()) {
      throw missing(request.version());
    }
    String who = AccessFilter.user(ctx).name();
    String why = why(request.why(), HERE);
    act(() -> actions.promote(request.version(), who, why));
    Audit.did(who, ctx.ip())
        .addKeyValue("version", request.version())
        .addKeyValue("why", why)
        .log("head promoted");
    ctx.status(204);
  }

  void rollback(Context ctx) {
    WhyRequest request = Requests.json(ctx, bodyLimit, WhyRequest.class);
    String who = AccessFilter.user(ctx).name();
    String why = why(request.why(), HERE);
    act(() -> actions.rollback(who, why));
    Audit.did(who, ctx.ip()).addKeyValue("why", why).log("rolled back");
    ctx.status(204);
  }

  void unpin(Context ctx) {
    WhyRequest request = Requests.json(ctx, bodyLimit, WhyRequest.class);
    String who = AccessFilter.user(ctx).name();
    String why = why(request.why(), HERE);
    act(() -> actions.unpin(who, why));
    Audit.did(who, ctx.ip()).addKeyValue("why", why).log("unpinned");
    ctx.status(204);
  }

  private static void act(Runnable action) {
    try {
      action.run();
    } catch (Problem e) {
      throw e;
    } catch (RuntimeException e) {
      throw Problem.of(409, "refused", Objects.requireNonNullElse(e.getMessage(), e.toString()));
    }
  }

  /** A reason as it stays: one that was given, or where it was done. */
  static String why(@Nullable String why, String otherwise) {
    if (why != null && why.length() > MOST_WHY) {
      throw Problem.of(400, "bad-why", "a reason has 500 characters at most");
    }
    return why == null || why.isBlank() ? otherwise : why.strip();
  }
}
