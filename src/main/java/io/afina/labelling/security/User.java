package io.afina.labelling.security;

/** Who makes a request, and how that is known. */
public record User(String name, UserRole role, Proof proof) {

  /** How it is known who a user is. */
  enum Proof {
    /** A cookie. */
    SESSION,
    /** A bearer token: a program, which no other page can make send it. */
    TOKEN,
    /** A header from a trusted proxy. */
    PROXY,
    /** Nobody is asked: the server is on the loopback address and has no users. */
    OPEN
  }
}
