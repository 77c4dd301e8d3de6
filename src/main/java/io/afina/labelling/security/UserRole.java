package io.afina.labelling.security;

import com.fasterxml.jackson.annotation.JsonValue;
import io.javalin.security.RouteRole;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a user may do; each may all that those before may. Also what a route asks for. */
public enum UserRole implements RouteRole {
  /** Nobody need be logged in. */
  ANYONE,
  /** Answers, and looks at everything. */
  LABELLER,
  /** Besides: promotes and rolls back heads, and exports. */
  REVIEWER,
  /** Besides: uploads corrections in bulk. */
  ADMIN;

  /** Reads a role that a user can have; empty when there is no such. */
  public static Optional<UserRole> parse(String text) {
    return Arrays.stream(values())
        .filter(role -> role != ANYONE && role.text().equals(text))
        .findFirst();
  }

  /** As it stands in the users file: {@code labeller}. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean includes(UserRole wanted) {
    return compareTo(wanted) >= 0;
  }
}
