package io.afina.labelling.security;

/** The user who makes a request, and how they were authenticated. */
public record User(String name, UserRole role, AuthMethod authenticatedBy) {

  /** Whether a program makes the request; on an open server, anybody may be one. */
  public boolean isProgram() {
    return authenticatedBy == AuthMethod.TOKEN || authenticatedBy == AuthMethod.NONE;
  }

  /** The ways in which a user is authenticated. */
  enum AuthMethod {
    /** By a session cookie. */
    SESSION,
    /** By a bearer token: a program, which no other page can make send it. */
    TOKEN,
    /** By a header from a trusted proxy. */
    PROXY,
    /** Not at all: the server is on the loopback address and has no users. */
    NONE
  }
}
