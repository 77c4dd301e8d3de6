package io.afina.source;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of a picture in its one normal form (RFC 3986, section 6.2.2), so that what is
 * allowed can be told by comparing texts. Whatever two programs could read in two ways is refused
 * and never repaired.
 *
 * @param authority the host with the port unless it is the scheme's own; of S3 the bucket; of files
 *     nothing
 * @param path begins with a slash; still percent-encoded
 * @param query of HTTP only
 */
record SourceUri(Scheme scheme, String authority, String path, @Nullable String query) {

  private static final int LONGEST = 4_096;
  private static final Pattern PRINTABLE = Pattern.compile("[!-~]+");
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern HOST = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*|\\[[0-9a-f:.]+]");
  private static final Pattern ENCODED = Pattern.compile("%([0-9A-Fa-f]{2})");
  private static final Pattern ENCODED_TWICE = Pattern.compile("%25[0-9A-Fa-f]{2}");
  private static final Pattern UNRESERVED = Pattern.compile("[A-Za-z0-9._~-]");
  private static final int HIGHEST_PORT = 65_535;

  /** What kind of place it is. */
  enum Scheme {
    S3,
    HTTPS,
    HTTP,
    FILE;

    /** As it is written: {@code s3}. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    boolean isHttp() {
      return this == HTTPS || this == HTTP;
    }

    private int port() {
      return this == HTTPS ? 443 : 80;
    }
  }

  /**
   * Parses an address.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  static SourceUri parse(String text) {
    require(text.length() <= LONGEST, "has more than 4,096 characters");
    require(PRINTABLE.matcher(text).matches(), "has characters that must be percent-encoded");
    URI uri = uri(text);
    Scheme scheme =
        Arrays.stream(Scheme.values())
            .filter(known -> known.text().equalsIgnoreCase(uri.getScheme()))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("is no s3, https, http or file URI"));
    require(!uri.isOpaque(), "has no // after its scheme");
    require(uri.getRawFragment() == null, "has a fragment (#)");
    require(scheme.isHttp() || uri.getRawQuery() == null, "has a query (?)");
    return new SourceUri(scheme, authority(scheme, uri), path(uri), uri.getRawQuery());
  }

  /** Whether another address is this one or below it, whole segments of a path only. */
  boolean covers(SourceUri other) {
    return scheme == other.scheme
        && authority.equals(other.authority)
        && other.path.startsWith(path)
        && (path.endsWith("/")
            || other.path.length() == path.length()
            || other.path.charAt(path.length()) == '/');
  }

  /** The whole of it. */
  String text() {
    return query == null ? toString() : this + "?" + query;
  }

  /** Without its query, which may be a secret. */
  @Override
  public String toString() {
    return scheme.text() + "://" + authority + path;
  }

  /** The path as it is meant: a file's, or a slash and the key of an object. */
  String decodedPath() {
    return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("is no URI: " + e.getReason(), e);
    }
  }

  private static String authority(Scheme scheme, URI uri) {
    String raw = uri.getRawAuthority();
    require(raw == null || raw.indexOf('@') < 0, "has a user before its host");
    if (scheme == Scheme.FILE) {
      require(raw == null, "names a host: write file:/// and the path");
      return "";
    }
    if (scheme == Scheme.S3) {
      require(raw != null && BUCKET.matcher(raw).matches(), "has no name of a bucket");
      return String.valueOf(raw);
    }
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    require(uri.getHost() != null && HOST.matcher(host).matches(), "has no name of a host");
    int port = uri.getPort();
    require(port >= -1 && port <= HIGHEST_PORT, "has no such port");
    return port == -1 || port == scheme.port() ? host : host + ":" + port;
  }

  private static String path(URI uri) {
    String raw = uri.getRawPath();
    require(!ENCODED_TWICE.matcher(raw).find(), "is percent-encoded twice");
    String path = ENCODED.matcher(raw).replaceAll(SourceUri::normal);
    for (String segment : path.split("/", -1)) {
      // What follows a semicolon is a parameter to some servers, and not part of the name.
      String name = segment.split(";|%3B", 2)[0];
      require(!name.equals(".") && !name.equals(".."), "has . or .. in its path");
    }
    return path.isEmpty() ? "/" : path;
  }

  private static String normal(MatchResult encoded) {
    String meant = Character.toString(Integer.parseInt(encoded.group(1), 16));
    require(!"/\\\0".contains(meant), "has an encoded slash, backslash or zero in its path");
    return Matcher.quoteReplacement(
        UNRESERVED.matcher(meant).matches() ? meant : encoded.group().toUpperCase(Locale.ROOT));
  }

  private static void require(boolean right, String why) {
    if (!right) {
      throw new IllegalArgumentException(why);
    }
  }
}
