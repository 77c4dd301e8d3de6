package io.afina.labelling.security;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

/**
 * Sessions that nobody stores: a cookie with the user's name, its end and a random number, signed
 * with a key that changes with the user's password. They outlive a restart and count on every
 * instance that has the same users file.
 */
final class Sessions {

  private static final int PARTS = 4;

  private final Users users;
  private final Duration length;
  private final InstantSource clock;

  /** A session that is good: who, and the random number that its CSRF token is made of. */
  record Session(User user, String nonce) {}

  Sessions(Users users, Duration length, InstantSource clock) {
    this.users = users;
    this.length = length;
    this.clock = clock;
  }

  /** A cookie's value for somebody who has just logged in. */
  String begin(User user) {
    String name =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(user.name().getBytes(StandardCharsets.UTF_8));
    long end = clock.instant().plus(length).getEpochSecond();
    String content = name + "." + end + "." + Credentials.random();
    return content + "." + Credentials.sign(key(user.name()).orElseThrow(), content);
  }

  /** The session of a cookie's value; empty when it is forged, over, or its user is gone. */
  Optional<Session> find(String cookie) {
    String[] parts = cookie.split("\\.", -1);
    if (parts.length != PARTS) {
      return Optional.empty();
    }
    try {
      String name = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
      String content = cookie.substring(0, cookie.lastIndexOf('.'));
      boolean good =
          key(name)
                  .filter(key -> Credentials.same(Credentials.sign(key, content), parts[3]))
                  .isPresent()
              && clock.instant().isBefore(Instant.ofEpochSecond(Long.parseLong(parts[1])));
      return good
          ? users
              .role(name)
              .map(role -> new Session(new User(name, role, User.Proof.SESSION), parts[2]))
          : Optional.empty();
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      return Optional.empty();
    }
  }

  private Optional<String> key(String name) {
    return users.key(name);
  }
}
