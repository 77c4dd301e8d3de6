package io.afina.labelling.http;

import io.afina.http.Requests;
import io.afina.labelling.security.AccessFilter;
import io.afina.labelling.security.User;
import io.afina.labelling.security.UserRole;
import io.javalin.http.Context;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who is there, and in and out. */
final class SessionApi {

  private final AccessFilter guard;
  private final int bodyLimit;
  private final boolean actions;

  /**
   * @param actions whether heads can be promoted and rolled back here
   */
  SessionApi(AccessFilter guard, int bodyLimit, boolean actions) {
    this.guard = guard;
    this.bodyLimit = bodyLimit;
    this.actions = actions;
  }

  record Login(@Nullable String user, @Nullable String password) {}

  /**
   * @param user null while nobody is logged in
   * @param csrf what a page sends in {@code X-CSRF-Token} with whatever changes something
   * @param open whether this server asks nobody who they are
   * @param actions whether the user may promote and roll back heads
   */
  record Session(
      @Nullable String user, @Nullable UserRole role, String csrf, boolean open, boolean actions) {}

  void get(Context ctx) {
    User user = AccessFilter.userIfAny(ctx).orElse(null);
    Requests.answer(
        ctx,
        new Session(
            user == null ? null : user.name(),
            user == null ? null : user.role(),
            AccessFilter.csrf(ctx),
            guard.isOpen(),
            actions && user != null && user.role().includes(UserRole.REVIEWER)));
  }

  void login(Context ctx) {
    Login given = Requests.json(ctx, bodyLimit, Login.class);
    guard.login(
        ctx,
        Objects.requireNonNullElse(given.user(), ""),
        Objects.requireNonNullElse(given.password(), ""));
    ctx.status(204);
  }

  void logout(Context ctx) {
    guard.logout(ctx);
    ctx.status(204);
  }
}
