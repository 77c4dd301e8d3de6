package io.afina.labelling.http;

import io.afina.event.AliasRecord;
import io.afina.http.Problem;
import io.afina.http.Requests;
import io.afina.labelling.ModelActions;
import io.afina.labelling.feed.ModelFeed;
import io.afina.labelling.feed.ModelFeed.Move;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.security.AccessFilter;
import io.afina.log.Audit;
import io.afina.model.HeadCard;
import io.afina.model.WilsonInterval;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lists heads and aliases, promotes heads and rolls back. */
record ModelsApi(ModelFeed models, AnswerIndex answers, ModelActions actions, int bodyLimit) {

  private static final int MOST_WHY = 500;

  record PromoteRequest(long version, @Nullable String why) {}

  record RollbackRequest(@Nullable String why) {}

  /**
   * @param heads the newest, newest last
   * @param live the accuracy of each on the pictures that people labelled
   * @param moves of aliases, newest last
   */
  record Models(
      List<HeadCard> heads,
      Map<Long, WilsonInterval> live,
      Map<String, AliasRecord> aliases,
      List<Move> moves) {}

  void list(Context ctx) {
    Requests.answer(
        ctx,
        new Models(models.cards(), answers.accuracyByHead(), models.aliases(), models.moves()));
  }

  void promote(Context ctx) {
    PromoteRequest request = Requests.json(ctx, bodyLimit, PromoteRequest.class);
    if (models.card(request.version()).isEmpty()) {
      throw Problem.of(404, "no-head", "there is no head " + request.version());
    }
    String who = AccessFilter.user(ctx).name();
    String why = why(request.why());
    act(() -> actions.promote(request.version(), who, why));
    Audit.did(who, ctx.ip())
        .addKeyValue("version", request.version())
        .addKeyValue("why", why)
        .log("head promoted");
    ctx.status(204);
  }

  void rollback(Context ctx) {
    RollbackRequest request = Requests.json(ctx, bodyLimit, RollbackRequest.class);
    String who = AccessFilter.user(ctx).name();
    String why = why(request.why());
    act(() -> actions.rollback(who, why));
    Audit.did(who, ctx.ip()).addKeyValue("why", why).log("rolled back");
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

  private static String why(@Nullable String why) {
    if (why != null && why.length() > MOST_WHY) {
      throw Problem.of(400, "bad-why", "a reason has 500 characters at most");
    }
    return why == null || why.isBlank() ? "on the models page" : why.strip();
  }
}
