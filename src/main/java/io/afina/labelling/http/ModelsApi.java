package io.afina.labelling.http;

import io.afina.event.AliasRecord;
import io.afina.http.Problem;
import io.afina.http.Requests;
import io.afina.labelling.ModelActions;
import io.afina.labelling.feed.ModelFeed;
import io.afina.labelling.feed.ModelFeed.Move;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.security.AccessFilter;
import io.afina.model.HeadCard;
import io.afina.model.WilsonInterval;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Heads and aliases. */
final class ModelsApi {

  private static final int MOST_WHY = 500;

  private final ModelFeed models;
  private final AnswerIndex ledger;
  private final ModelActions actions;
  private final int bodyLimit;

  ModelsApi(ModelFeed models, AnswerIndex ledger, ModelActions actions, int bodyLimit) {
    this.models = models;
    this.ledger = ledger;
    this.actions = actions;
    this.bodyLimit = bodyLimit;
  }

  record Promotion(long version, @Nullable String why) {}

  record Rollback(@Nullable String why) {}

  /**
   * @param heads the newest, newest last
   * @param live how right each was about pictures that people were asked about
   * @param moves of aliases, newest last
   */
  record Models(
      List<HeadCard> heads,
      Map<Long, WilsonInterval> live,
      Map<String, AliasRecord> aliases,
      List<Move> moves) {}

  void list(Context ctx) {
    Requests.answer(
        ctx, new Models(models.cards(), ledger.accuracyByHead(), models.aliases(), models.moves()));
  }

  void promote(Context ctx) {
    Promotion wanted = Requests.json(ctx, bodyLimit, Promotion.class);
    if (models.card(wanted.version()).isEmpty()) {
      throw Problem.of(404, "no-head", "there is no head " + wanted.version());
    }
    act(() -> actions.promote(wanted.version(), AccessFilter.user(ctx).name(), why(wanted.why())));
    ctx.status(204);
  }

  void rollback(Context ctx) {
    Rollback wanted = Requests.json(ctx, bodyLimit, Rollback.class);
    act(() -> actions.rollback(AccessFilter.user(ctx).name(), why(wanted.why())));
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
