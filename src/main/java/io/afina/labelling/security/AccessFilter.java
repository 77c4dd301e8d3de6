package io.afina.labelling.security;

import io.afina.config.LabellingConfig;
import io.afina.http.Problem;
import io.afina.labelling.security.Sessions.Session;
import io.afina.labelling.security.User.Proof;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HandlerType;
import io.javalin.http.SameSite;
import io.javalin.security.RouteRole;
import java.net.URI;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Stands before every route: who asks, whether they may, from where, and how often. */
public final class AccessFilter {

  public static final String CSRF_HEADER = "X-CSRF-Token";
  private static final String USER = "afina.user";
  private static final String CSRF = "afina.csrf";
  private static final String BEARER = "Bearer ";
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<String> FROM_HERE = Set.of("same-origin", "none");
  private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD);
  private static final int BURST = 2;
  private static final double SECONDS_A_MINUTE = 60;

  private final LabellingConfig config;
  private final @Nullable Users users;
  private final @Nullable Sessions sessions;
  private final Set<String> proxies;
  private final RateLimit requests;
  private final RateLimit logins;

  /** For the life of the process, where no users file has one. */
  private final String ownSecret = Credentials.random();

  /**
   * A filter for the users of a file, or for nobody in particular.
   *
   * @param users null lets everybody do everything
   */
  public AccessFilter(LabellingConfig config, @Nullable Users users) {
    this.config = config;
    this.users = users;
    this.sessions =
        users == null ? null : new Sessions(users, config.session(), InstantSource.system());
    this.proxies =
        Arrays.stream(config.trustedProxies().split(","))
            .map(String::strip)
            .collect(Collectors.toUnmodifiableSet());
    this.requests =
        new RateLimit(
            config.requestsPerSecond(), BURST * config.requestsPerSecond(), System::nanoTime);
    this.logins =
        new RateLimit(
            config.loginsPerMinute() / SECONDS_A_MINUTE,
            config.loginsPerMinute(),
            System::nanoTime);
  }

  /** Whether nobody is asked who they are. */
  public boolean isOpen() {
    return users == null && config.trustedHeader() == null;
  }

  /**
   * Lets a request through to its route.
   *
   * @throws Problem when not
   */
  public void check(Context ctx) {
    requireKnownHost(ctx);
    Optional<User> user = identify(ctx);
    long wait = requests.take(user.map(u -> "u " + u.name()).orElseGet(() -> "a " + ctx.ip()));
    if (wait > 0) {
      throw Problem.later(429, "too-many-requests", "slower: try again in a moment", wait);
    }
    UserRole wanted = wanted(ctx.routeRoles());
    if (wanted != UserRole.ANYONE) {
      requireRole(user, wanted);
    }
    if (!READING.contains(ctx.method())) {
      requireOwnPage(ctx, user);
    }
  }

  /** Who makes this request. */
  public static User user(Context ctx) {
    User user = ctx.attribute(USER);
    if (user == null) {
      throw unknown();
    }
    return user;
  }

  /** Who makes this request, if that is known. */
  public static Optional<User> userIfAny(Context ctx) {
    return Optional.ofNullable(ctx.attribute(USER));
  }

  /** What a page must send with whatever changes something. */
  public static String csrf(Context ctx) {
    String csrf = ctx.attribute(CSRF);
    return csrf == null ? "" : csrf;
  }

  /** Begins a session. */
  public User login(Context ctx, String name, String password) {
    if (users == null || sessions == null) {
      throw Problem.of(409, "open", "this server has no users: nobody need log in");
    }
    long wait = logins.take(ctx.ip() + " " + name.toLowerCase(Locale.ROOT));
    if (wait > 0) {
      throw Problem.later(429, "too-many-logins", "too many attempts: wait a minute", wait);
    }
    User user =
        users
            .login(name, password)
            .orElseThrow(() -> Problem.of(401, "wrong-password", "that user or password is wrong"));
    ctx.cookie(cookie(ctx, sessions.begin(user), Math.toIntExact(config.session().toSeconds())));
    return user;
  }

  /** Ends it: the cookie is taken away. */
  public void logout(Context ctx) {
    ctx.cookie(cookie(ctx, "", 0));
  }

  /** Whether the browser talks TLS, to this server or to the proxy before it. */
  public boolean isSecure(Context ctx) {
    return config.tlsCertificate() != null
        || (proxies.contains(ctx.ip()) && "https".equals(ctx.header("X-Forwarded-Proto")));
  }

  private Optional<User> identify(Context ctx) {
    Optional<User> user =
        byToken(ctx).or(() -> byProxy(ctx)).or(() -> bySession(ctx)).or(() -> open(ctx));
    user.ifPresent(u -> ctx.attribute(USER, u));
    return user;
  }

  private Optional<User> byToken(Context ctx) {
    String header = ctx.header("Authorization");
    if (header == null || users == null) {
      return Optional.empty();
    }
    if (!header.startsWith(BEARER)) {
      throw Problem.of(401, "bad-authorization", "the Authorization header must be Bearer TOKEN");
    }
    return Optional.of(
        users
            .token(header.substring(BEARER.length()).strip())
            .orElseThrow(() -> Problem.of(401, "bad-token", "there is no such token")));
  }

  private Optional<User> byProxy(Context ctx) {
    if (config.trustedHeader() == null || !proxies.contains(ctx.ip())) {
      return Optional.empty();
    }
    String name = ctx.header(config.trustedHeader());
    if (name == null || name.isBlank()) {
      return Optional.empty();
    }
    UserRole role =
        Optional.ofNullable(users)
            .flatMap(known -> known.role(name))
            .or(() -> UserRole.parse(config.trustedRole()))
            .orElse(UserRole.LABELLER);
    ctx.attribute(CSRF, Credentials.sign(secret(), "proxy " + name));
    return Optional.of(new User(name.strip(), role, Proof.PROXY));
  }

  private Optional<User> bySession(Context ctx) {
    String cookie = ctx.cookie(cookieName());
    if (sessions == null || cookie == null) {
      return Optional.empty();
    }
    Optional<Session> session = sessions.find(cookie);
    session.ifPresent(s -> ctx.attribute(CSRF, Credentials.sign(secret(), "session " + s.nonce())));
    return session.map(Session::user);
  }

  private Optional<User> open(Context ctx) {
    if (!isOpen()) {
      return Optional.empty();
    }
    ctx.attribute(CSRF, Credentials.sign(secret(), "open"));
    return Optional.of(
        new User(System.getProperty("user.name", "local"), UserRole.ADMIN, Proof.OPEN));
  }

  private String secret() {
    return users == null ? ownSecret : users.secret();
  }

  /**
   * An open server answers only to the loopback's names: a page of another host whose name leads
   * here (DNS rebinding) would else be let in.
   */
  private void requireKnownHost(Context ctx) {
    String host = ctx.host();
    String name = host == null ? "" : host.replaceFirst(":\\d+$", "");
    if (isOpen() && !LOOPBACK.contains(name)) {
      throw Problem.of(
          421, "wrong-host", "this server answers as localhost only, for it has no users");
    }
  }

  private static UserRole wanted(Set<RouteRole> roles) {
    return roles.stream()
        .filter(UserRole.class::isInstance)
        .map(UserRole.class::cast)
        .findFirst()
        .orElse(UserRole.ADMIN);
  }

  private static void requireRole(Optional<User> user, UserRole wanted) {
    User known = user.orElseThrow(AccessFilter::unknown);
    if (!known.role().includes(wanted)) {
      throw Problem.of(
          403,
          "wrong-role",
          "this needs the role %s, and %s is %s"
              .formatted(wanted.text(), known.name(), known.role().text()));
    }
  }

  /**
   * Another site's page can make a browser send a request, but not with the token, nor unmarked.
   */
  private void requireOwnPage(Context ctx, Optional<User> user) {
    if (user.filter(u -> u.proof() == Proof.TOKEN).isPresent()) {
      return;
    }
    if (!isFromHere(ctx)) {
      throw Problem.of(403, "cross-site", "this request comes from the page of another site");
    }
    if (user.isPresent()) {
      String token = ctx.header(CSRF_HEADER);
      if (token == null || !Credentials.same(token, csrf(ctx))) {
        throw Problem.of(
            403,
            "bad-csrf-token",
            "the header %s must be the csrf of GET /api/session".formatted(CSRF_HEADER));
      }
    }
  }

  private static boolean isFromHere(Context ctx) {
    String site = ctx.header("Sec-Fetch-Site");
    if (site != null) {
      return FROM_HERE.contains(site);
    }
    String origin = ctx.header("Origin");
    try {
      return origin == null || Objects.equals(URI.create(origin).getAuthority(), ctx.host());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Cookie cookie(Context ctx, String value, int seconds) {
    return new Cookie(
        cookieName(), value, "/", seconds, isSecure(ctx), true, null, SameSite.STRICT);
  }

  private String cookieName() {
    return config.tlsCertificate() == null ? "afina_session" : "__Host-afina_session";
  }

  private static Problem unknown() {
    return Problem.of(401, "not-logged-in", "log in first: POST /api/session, or a bearer token");
  }
}
