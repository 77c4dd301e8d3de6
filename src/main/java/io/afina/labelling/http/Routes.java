package io.afina.labelling.http;

import io.afina.http.SecurityHeaders;
import io.afina.labelling.security.AccessFilter;
import io.afina.labelling.security.UserRole;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.List;

/** The routes of the API, each with the role that it needs; {@code openapi.json} describes them. */
final class Routes {

  private final List<Route> all = new ArrayList<>();

  /** One route. */
  record Route(HandlerType method, String path, UserRole role, Handler handler) {}

  Routes add(HandlerType method, String path, UserRole role, Handler handler) {
    all.add(new Route(method, path, role, handler));
    return this;
  }

  List<Route> all() {
    return List.copyOf(all);
  }

  /** Puts them into the server, behind the guard. */
  void into(RoutesConfig routes, AccessFilter guard) {
    routes.before(ctx -> secure(ctx, guard));
    routes.beforeMatched(guard::check);
    for (Route route : all) {
      routes.addHttpHandler(route.method(), route.path(), route.handler(), route.role());
    }
    StaticFiles.ALL.forEach(
        (path, page) -> routes.get(path, StaticFiles.handler(page), UserRole.ANYONE));
  }

  private static void secure(Context ctx, AccessFilter guard) {
    SecurityHeaders.ALL.forEach(ctx::header);
    if (guard.isSecure(ctx)) {
      ctx.header("Strict-Transport-Security", SecurityHeaders.TRANSPORT);
    }
  }
}
