package io.afina.labelling.security;

import io.afina.config.LabellingConfig;
import io.afina.http.Problem;
import io.afina.labelling.security.Sessions.Session;
import io.afina.labelling.security.User.AuthMethod;
import io.afina.metrics.LabellingMeters;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds the user of a request, by its bearer token, by the header of a trusted proxy or by its
 * session cookie, and logs users in and out.
 */
public final class Authenticator {

  static final String USER = "afina.user";
  static final String CSRF = "afina.csrf";
  private static final String BEARER = "Bearer ";

  private final LabellingConfig config;
  private final @Nullable Users users;
  private final @Nullable Sessions sessions;
  private final Set<String> proxies;
  private final LoginGuard guard;

  /** Signs CSRF tokens for the life of the process, where no users file has a secret. */
  private final String ownSecret = Crypto.randomToken();

  Authenticator(LabellingConfig config, @Nullable Users users, LabellingMeters meters) {
    this.config = config;
    this.users = users;
    this.sessions =
        users == null ? null : new Sessions(users, config.session(), InstantSource.system());
    this.proxies = Set.copyOf(List.of(config.trustedProxies().strip().split("\\s*,\\s*")));
    this.guard = new LoginGuard(config.loginsPerMinute(), meters, System::nanoTime);
  }

  /** Tells whether everybody may do everything without logging in. */
  public boolean isOpen() {
    return users == null && config.trustedHeader() == null;
  }

  /** Tells whether the browser talks TLS, to this server or to the proxy before it. */
  public boolean isSecure(Context ctx) {
    return config.tlsCertificate() != null
        || (proxies.contains(ctx.ip()) && "https".equals(ctx.header("X-Forwarded-Proto")));
  }

  /**
   * Checks a password and begins a session, perhaps after a while, for which no thread waits.
   *
   * @throws Problem when the password is wrong, or too many were
   */
  public void login(Context ctx, String name, String password) {
    if (users == null || sessions == null) {
      throw Problem.of(409, "open", "this server has no users: nobody need log in");
    }
    String address = ctx.ip();
    Duration delay = guard.begin(address, name);
    Runnable check =
        () ->
            ctx.cookie(
                cookie(
                    ctx,
                    begin(users, sessions, address, name, password),
                    Math.toIntExact(config.session().toSeconds())));
    if (delay.isZero()) {
      check.run();
    } else {
      Executor later = CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS);
      ctx.future(() -> CompletableFuture.runAsync(check, later));
    }
  }

  private String begin(Users known, Sessions begun, String address, String name, String password) {
    Optional<User> user = known.login(name, password);
    if (user.isEmpty()) {
      guard.wrong(address, name, known.role(name).isPresent());
      throw Problem.of(401, "wrong-password", "that user or password is wrong");
    }
    guard.right(address, name);
    return begun.begin(user.get());
  }

  /** Takes the session's cookie away. */
  public void logout(Context ctx) {
    ctx.cookie(cookie(ctx, "", 0));
  }

  /** Finds the user of a request and keeps them, and their CSRF token, in its attributes. */
  Optional<User> authenticate(Context ctx) {
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
    giveCsrf(ctx, "proxy " + name);
    return Optional.of(new User(name.strip(), role, AuthMethod.PROXY));
  }

  private Optional<User> bySession(Context ctx) {
    String cookie = ctx.cookie(cookieName());
    if (sessions == null || cookie == null) {
      return Optional.empty();
    }
    Optional<Session> session = sessions.find(cookie);
    session.ifPresent(s -> giveCsrf(ctx, "session " + s.nonce()));
    return session.map(Session::user);
  }

  private Optional<User> open(Context ctx) {
    if (!isOpen()) {
      return Optional.empty();
    }
    giveCsrf(ctx, "open");
    String name = System.getProperty("user.name", "local");
    return Optional.of(new User(name, UserRole.ADMIN, AuthMethod.NONE));
  }

  private void giveCsrf(Context ctx, String subject) {
    ctx.attribute(CSRF, Crypto.hmac(users == null ? ownSecret : users.secret(), subject));
  }

  private Cookie cookie(Context ctx, String value, int seconds) {
    return new Cookie(
        cookieName(), value, "/", seconds, isSecure(ctx), true, null, SameSite.STRICT);
  }

  private String cookieName() {
    return config.tlsCertificate() == null ? "afina_session" : "__Host-afina_session";
  }
}
