package io.afina.backbone.address;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a request goes (RFC 6454), which is what a token belongs to.
 *
 * @param port the scheme's own where none was written
 */
record Origin(String scheme, String host, int port) {

  private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

  static Origin of(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    return new Origin(scheme, host, port);
  }

  boolean isEncrypted() {
    return scheme.equals("https");
  }

  boolean isHere() {
    return LOOPBACK.matcher(host).matches();
  }

  /** Whether nobody on the way can change what comes, or is allowed to. */
  boolean isSafe(boolean allowHttp) {
    return isEncrypted() || (scheme.equals("http") && (allowHttp || isHere()));
  }
}
