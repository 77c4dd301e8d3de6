package io.afina.labelling.security;

import io.afina.labelling.security.User.AuthMethod;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/**
 * Issues and verifies session cookies, and stores none: a cookie holds the user's name, its end and
 * a random number, signed with a key that changes with the user's password. Sessions outlive a
 * restart and count on every instance that has the same users file.
 */
record Sessions(Users users, Duration length, InstantSource clock) {

  private static final int PARTS = 4;

  /** A valid session: its user, and the random number that its CSRF token is made of. */
  record Session(User user, String nonce) {}

  /** Returns the cookie's value for a user who has just logged in. */
  String begin(User user) {
    String name =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(user.name().getBytes(StandardCharsets.UTF_8));
    long end = clock.instant().plus(length).getEpochSecond();
    String content = name + "." + end + "." + Crypto.randomToken();
    return content + "." + Crypto.hmac(users.key(user.name()).orElseThrow(), content);
  }

  /** Finds the session of a cookie's value; empty when it is forged, over, or its user is gone. */
  Optional<Session> find(String cookie) {
    String[] parts = cookie.split("\\.", -1);
    if (parts.length != PARTS) {
      return Optional.empty();
    }
    try {
      String name = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
      String content = cookie.substring(0, cookie.lastIndexOf('.'));
      boolean valid =
          users
                  .key(name)
                  .filter(key -> Crypto.constantTimeEquals(Crypto.hmac(key, content), parts[3]))
                  .isPresent()
              && clock.instant().isBefore(Instant.ofEpochSecond(Long.parseLong(parts[1])));
      return valid
          ? users
              .role(name)
              .map(role -> new Session(new User(name, role, AuthMethod.SESSION), parts[2]))
          : Optional.empty();
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }
}
