package io.afina.backbone.address;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The address of a backbone on the network. */
sealed interface RemoteAddress {

  /** A file name that means the same on every system, and nothing but a file. */
  Pattern FILE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,199}");

  /** What an engine runs. */
  Pattern NETWORK = Pattern.compile(".*\\.(onnx|pt)");

  /** As messages and the cache call it: without its hash, and without its query (a secret?). */
  String shown();

  /** What the cache knows it by: all that says what is meant, without the hash. */
  String key();

  /** The SHA-256 that the file must have, in lower-case hex, or null for any. */
  @Nullable String sha256();

  /**
   * A file, or the one backbone, of a repository of Hugging Face's hub.
   *
   * @param repository owner and name, {@code owner/name}
   * @param revision a branch, a tag or a commit
   * @param file its path in the repository, or null for the one that there is
   */
  record Hub(String repository, String revision, @Nullable String file, @Nullable String sha256)
      implements RemoteAddress {

    @Override
    public String shown() {
      return "hf://%s@%s%s".formatted(repository, revision, file == null ? "" : "/" + file);
    }

    @Override
    public String key() {
      return shown();
    }
  }

  /** A file of a web server. */
  record Web(URI uri, @Nullable String sha256) implements RemoteAddress {

    @Override
    public String shown() {
      return uri.toString().replaceFirst("\\?.*", "");
    }

    @Override
    public String key() {
      return uri.toString();
    }

    /** Another file of the same folder. The query is of this one alone, and left out. */
    URI sibling(String name) {
      return uri.resolve(name);
    }

    String name() {
      return uri.getRawPath().substring(uri.getRawPath().lastIndexOf('/') + 1);
    }
  }

  /**
   * Parses an address.
   *
   * @param allowHttp whether {@code http://} may be of other machines than this one
   * @throws AfinaException when it is wrong
   */
  static RemoteAddress parse(String text, boolean allowHttp) {
    int hash = text.indexOf('#');
    String plain = hash < 0 ? text : text.substring(0, hash);
    String pin = hash < 0 ? null : pin(text.substring(hash + 1), plain);
    return plain.startsWith("hf://") ? hub(plain, pin) : web(plain, pin, allowHttp);
  }

  private static String pin(String fragment, String plain) {
    Matcher pinned = Pattern.compile("sha256=([0-9a-fA-F]{64})").matcher(fragment);
    if (!pinned.matches()) {
      throw wrong(plain, "what follows its # is not sha256= and 64 hexadecimal digits");
    }
    return pinned.group(1).toLowerCase(java.util.Locale.ROOT);
  }

  private static RemoteAddress hub(String text, @Nullable String pin) {
    String name = "[A-Za-z0-9][A-Za-z0-9._-]{0,95}";
    Matcher parts =
        Pattern.compile("hf://(%s/%s)(?:@([^/]{1,200}))?(?:/(.{1,500}))?".formatted(name, name))
            .matcher(text);
    if (!parts.matches()) {
      throw wrong(text, "it is not of the form hf://owner/name@revision/folder/file.onnx");
    }
    String revision = Optional.ofNullable(parts.group(2)).orElse("main").replace("%2F", "/");
    if (!isPath(revision)) {
      throw wrong(text, "its revision is no branch, tag or commit");
    }
    String file = parts.group(3);
    if (file != null && !(isPath(file) && NETWORK.matcher(file).matches())) {
      throw wrong(text, "its file is neither an .onnx nor a .pt file");
    }
    return new Hub(parts.group(1), revision, file, pin);
  }

  private static RemoteAddress web(String text, @Nullable String pin, boolean allowHttp) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw wrong(text, "it is no address of the web", e);
    }
    if (uri.getHost() == null || uri.getRawUserInfo() != null) {
      throw wrong(text, "it names no host, or a user before it");
    }
    if (!Origin.of(uri).isSafe(allowHttp)) {
      throw wrong(
          text, "what it gives could be changed on its way: take https, or set backbone.allowHttp");
    }
    Web web = new Web(uri, pin);
    if (!isPath(web.name()) || !NETWORK.matcher(web.name()).matches()) {
      throw wrong(text, "its file is neither an .onnx nor a .pt file");
    }
    return web;
  }

  /** Whether a path has no segment that leads elsewhere, and none that a server could misread. */
  static boolean isPath(String path) {
    return java.util.Arrays.stream(path.split("/", -1))
        .allMatch(segment -> FILE.matcher(segment).matches());
  }

  private static AfinaException wrong(String text, String why) {
    return wrong(text, why, null);
  }

  private static AfinaException wrong(String text, String why, @Nullable Throwable cause) {
    return new AfinaException(
        ExitCode.BACKBONE,
        "the address of the backbone, %s, is wrong: %s"
            .formatted(text.replaceFirst("\\?.*", ""), why),
        cause);
  }
}
