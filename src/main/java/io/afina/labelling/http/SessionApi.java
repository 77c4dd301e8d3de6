package io.afina.labelling.http;

import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import io.afina.http.Requests;
import io.afina.labelling.http.Routes.Route;
import io.afina.labelling.security.AccessFilter;
import io.afina.labelling.security.Authenticator;
import io.afina.labelling.security.User;
import io.afina.labelling.security.UserRole;
import io.afina.log.Audit;
import io.javalin.http.Context;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Logs users in and out, and tells a page who is logged in. */
record SessionApi(Authenticator authenticator, int bodyLimit) {

  record LoginRequest(@Nullable String user, @Nullable String password) {}

  /**
   * @param user null while nobody is logged in
   * @param csrf what a page sends in {@code X-CSRF-Token} with whatever changes something
   * @param open whether this server asks nobody who they are
   * @param actions whether the user may promote and roll back heads
   */
  record SessionView(
      @Nullable String user, @Nullable UserRole role, String csrf, boolean open, boolean actions) {}

  List<Route> routes() {
    return List.of(
        new Route(GET, "/api/session", UserRole.ANYONE, this::get),
        new Route(POST, "/api/session", UserRole.ANYONE, this::login),
        new Route(DELETE, "/api/session", UserRole.ANYONE, this::logout));
  }

  void get(Context ctx) {
    User user = AccessFilter.userIfAny(ctx).orElse(null);
    Requests.answer(
        ctx,
        new SessionView(
            user == null ? null : user.name(),
            user == null ? null : user.role(),
            AccessFilter.csrf(ctx),
            authenticator.isOpen(),
            user != null && user.role().includes(UserRole.REVIEWER)));
  }

  void login(Context ctx) {
    LoginRequest given = Requests.json(ctx, bodyLimit, LoginRequest.class);
    authenticator.login(
        ctx,
        Objects.requireNonNullElse(given.user(), ""),
        Objects.requireNonNullElse(given.password(), ""));
    ctx.status(204);
  }

  void logout(Context ctx) {
    AccessFilter.userIfAny(ctx)
        .ifPresent(user -> Audit.did(user.name(), ctx.ip()).log("logged out"));
    authenticator.logout(ctx);
    ctx.status(204);
  }
}
