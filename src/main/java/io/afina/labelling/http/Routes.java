package io.afina.labelling.http;

import io.afina.http.SecurityHeaders;
import io.afina.labelling.security.AccessFilter;
import io.afina.labelling.security.UserRole;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.stream.Stream;

/** Lists the routes of the API with their roles; {@code openapi.json} describes them. */
record Routes(List<Route> all) {

  /** One route. */
  record Route(HandlerType method, String path, UserRole role, Handler handler) {}

  /** All of several lists. */
  static Routes of(Stream<List<Route>> parts) {
    return new Routes(parts.flatMap(List::stream).toList());
  }

  /** Registers the routes and the page's files with the server, behind the filter. */
  void into(RoutesConfig routes, AccessFilter filter) {
    routes.before(ctx -> secure(ctx, filter));
    routes.beforeMatched(filter::check);
    for (Route route : all) {
      routes.addHttpHandler(route.method(), route.path(), route.handler(), route.role());
    }
    StaticFiles.ALL.forEach(
        (path, page) -> routes.get(path, StaticFiles.handler(page), UserRole.ANYONE));
  }

  private static void secure(Context ctx, AccessFilter filter) {
    SecurityHeaders.ALL.forEach(ctx::header);
    if (filter.authenticator().isSecure(ctx)) {
      ctx.header("Strict-Transport-Security", SecurityHeaders.TRANSPORT);
    }
  }
}
