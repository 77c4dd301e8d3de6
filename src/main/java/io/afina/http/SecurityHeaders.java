package io.afina.http;

import java.util.Map;

/**
 * What every answer tells the browser: scripts, styles and pictures come from here alone, nothing
 * is inline, nobody frames the page, and a type is what it is called.
 */
public final class SecurityHeaders {

  public static final Map<String, String> ALL =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
              + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Permissions-Policy",
          "camera=(), geolocation=(), microphone=()");

  /** For a year: what was once reached by TLS is not to be reached without. */
  public static final String TRANSPORT = "max-age=31536000";

  private SecurityHeaders() {}
}
