package io.afina.labelling.security;

import com.fasterxml.jackson.annotation.JsonValue;
import io.javalin.security.RouteRole;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The roles of users, each including those before it; a route asks for one of them. */
public enum UserRole implements RouteRole {
  /** Everybody, logged in or not. */
  ANYONE,
  /** Labels, and sees everything. */
  LABELLER,
  /** Besides: promotes and rolls back heads, and exports. */
  REVIEWER,
  /** Besides: uploads corrections in bulk. */
  ADMIN;

  /** Parses a role that a user can have, in any case; empty when there is no such role. */
  public static Optional<UserRole> parse(String text) {
    return Arrays.stream(values())
        .filter(role -> role != ANYONE && role.text().equalsIgnoreCase(text))
        .findFirst();
  }

  /** Returns the name in the users file: {@code labeller}. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean includes(UserRole other) {
    return compareTo(other) >= 0;
  }
}
