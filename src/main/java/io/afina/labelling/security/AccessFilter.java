package io.afina.labelling.security;

import io.afina.config.LabellingConfig;
import io.afina.http.Problem;
import io.afina.labelling.security.User.AuthMethod;
import io.afina.metrics.LabellingMeters;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.security.RouteRole;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks every request before its route: the host that it names, its user, their rate and role, and
 * that no page of another site made the browser send it.
 */
public final class AccessFilter {

  public static final String CSRF_HEADER = "X-CSRF-Token";
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<String> OWN_SITE = Set.of("same-origin", "none");
  private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD);
  private static final int BURST = 2;

  private final Authenticator authenticator;
  private final RateLimit requests;

  /**
   * Creates a filter for the users of a file.
   *
   * @param users null lets everybody do everything
   */
  public AccessFilter(LabellingConfig config, @Nullable Users users, LabellingMeters meters) {
    this.authenticator = new Authenticator(config, users, meters);
    this.requests =
        new RateLimit(
            config.requestsPerSecond(), BURST * config.requestsPerSecond(), System::nanoTime);
  }

  public Authenticator authenticator() {
    return authenticator;
  }

  /**
   * Lets a request through to its route.
   *
   * @throws Problem when it may not pass
   */
  public void check(Context ctx) {
    requireKnownHost(ctx);
    Optional<User> user = authenticator.authenticate(ctx);
    long wait = requests.take(user.map(u -> "u " + u.name()).orElseGet(() -> "a " + ctx.ip()));
    if (wait > 0) {
      throw Problem.later(429, "too-many-requests", "slower: try again in a moment", wait);
    }
    UserRole required = required(ctx.routeRoles());
    if (required != UserRole.ANYONE) {
      requireRole(user, required);
    }
    if (!READING.contains(ctx.method())) {
      requireOwnPage(ctx, user);
    }
  }

  /**
   * Returns the user who makes a request.
   *
   * @throws Problem when nobody is logged in
   */
  public static User user(Context ctx) {
    return userIfAny(ctx).orElseThrow(AccessFilter::notLoggedIn);
  }

  /** Returns the user who makes a request, if any is logged in. */
  public static Optional<User> userIfAny(Context ctx) {
    return Optional.ofNullable(ctx.attribute(Authenticator.USER));
  }

  /** Returns the token that a page must send with every request that changes something. */
  public static String csrf(Context ctx) {
    String csrf = ctx.attribute(Authenticator.CSRF);
    return csrf == null ? "" : csrf;
  }

  /**
   * An open server answers only to the loopback's names: a page of another host whose name leads
   * here (DNS rebinding) would else be let in.
   */
  private void requireKnownHost(Context ctx) {
    String host = ctx.host();
    String name = host == null ? "" : host.replaceFirst(":\\d+$", "");
    if (authenticator.isOpen() && !LOOPBACK.contains(name)) {
      throw Problem.of(
          421, "wrong-host", "this server answers as localhost only, for it has no users");
    }
  }

  private static UserRole required(Set<RouteRole> roles) {
    return roles.stream()
        .filter(UserRole.class::isInstance)
        .map(UserRole.class::cast)
        .findFirst()
        .orElse(UserRole.ADMIN);
  }

  private static void requireRole(Optional<User> user, UserRole required) {
    User known = user.orElseThrow(AccessFilter::notLoggedIn);
    if (!known.role().includes(required)) {
      throw Problem.of(
          403,
          "wrong-role",
          "this needs the role %s, and %s is %s"
              .formatted(required.text(), known.name(), known.role().text()));
    }
  }

  /**
   * Another site's page can make a browser send a request, but not with the token, nor unmarked.
   */
  private static void requireOwnPage(Context ctx, Optional<User> user) {
    if (user.filter(u -> u.authenticatedBy() == AuthMethod.TOKEN).isPresent()) {
      return;
    }
    if (!isOwnSite(ctx)) {
      throw Problem.of(403, "cross-site", "this request comes from the page of another site");
    }
    String token = ctx.header(CSRF_HEADER);
    if (user.isPresent() && (token == null || !Crypto.constantTimeEquals(token, csrf(ctx)))) {
      throw Problem.of(
          403,
          "bad-csrf-token",
          "the header %s must be the csrf of GET /api/session".formatted(CSRF_HEADER));
    }
  }

  private static boolean isOwnSite(Context ctx) {
    String site = ctx.header("Sec-Fetch-Site");
    if (site != null) {
      return OWN_SITE.contains(site);
    }
    String origin = ctx.header("Origin");
    try {
      return origin == null || Objects.equals(URI.create(origin).getAuthority(), ctx.host());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Problem notLoggedIn() {
    return Problem.of(401, "not-logged-in", "log in first: POST /api/session, or a bearer token");
  }
}
