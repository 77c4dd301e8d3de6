package io.afina.labelling.http;

import io.afina.http.Requests;
import io.afina.labelling.security.UserRole;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.function.BooleanSupplier;

/**
 * Names every route of the API with the role that it needs; {@code openapi.json} describes them.
 *
 * @param events holds the connections that get the learning panel
 * @param well whether this instance may take answers
 */
record LabellingApi(
    SessionApi session,
    ItemsApi items,
    ModelsApi models,
    PicturesApi pictures,
    ImagesApi images,
    BulkApi bulk,
    LabelStudioApi labelStudio,
    Handler events,
    BooleanSupplier well) {

  private record Health(String status) {}

  Routes routes() {
    return new Routes()
        .add(HandlerType.GET, "/api/session", UserRole.ANYONE, session::get)
        .add(HandlerType.POST, "/api/session", UserRole.ANYONE, session::login)
        .add(HandlerType.DELETE, "/api/session", UserRole.ANYONE, session::logout)
        .add(HandlerType.GET, "/api/health", UserRole.ANYONE, health())
        .add(HandlerType.POST, "/api/items", UserRole.LABELLER, items::take)
        .add(HandlerType.POST, "/api/answers", UserRole.LABELLER, items::say)
        .add(HandlerType.POST, "/api/passes", UserRole.LABELLER, items::pass)
        .add(HandlerType.POST, "/api/undo", UserRole.LABELLER, items::undo)
        .add(HandlerType.GET, "/api/labels", UserRole.LABELLER, items::labels)
        .add(HandlerType.GET, "/api/events", UserRole.LABELLER, events)
        .add(HandlerType.GET, "/api/pictures/{partition}/{offset}", UserRole.LABELLER, pictures::get)
        .add(HandlerType.GET, "/api/images", UserRole.LABELLER, images::find)
        .add(HandlerType.GET, "/api/models", UserRole.LABELLER, models::list)
        .add(HandlerType.POST, "/api/models/promote", UserRole.REVIEWER, models::promote)
        .add(HandlerType.POST, "/api/models/rollback", UserRole.REVIEWER, models::rollback)
        .add(HandlerType.POST, "/api/corrections", UserRole.ADMIN, bulk::upload)
        .add(HandlerType.GET, "/api/examples", UserRole.REVIEWER, bulk::export)
        .add(HandlerType.POST, "/api/label-studio/webhook", UserRole.LABELLER, labelStudio::webhook)
        .add(HandlerType.GET, "/api/label-studio/tasks", UserRole.REVIEWER, labelStudio::tasks);
  }

  private Handler health() {
    return ctx -> {
      boolean up = well.getAsBoolean();
      ctx.status(up ? 200 : 503);
      Requests.answer(ctx, new Health(up ? "UP" : "DOWN"));
    };
  }
}
