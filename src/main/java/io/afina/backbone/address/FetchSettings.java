package io.afina.backbone.address;

import io.afina.config.BackboneConfig;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How backbones are fetched, and where they are kept.
 *
 * @param cache the folder of the cache
 * @param time for a backbone with all that belongs to it
 * @param maxBytes of a file
 * @param allowHttp whether addresses without encryption may be of other machines
 * @param hub of Hugging Face, or of a mirror
 * @param token for the hub, or null for none
 * @param firstPause before the second attempt; each further one is twice as long
 */
record FetchSettings(
    Path cache,
    Duration time,
    long maxBytes,
    boolean allowHttp,
    URI hub,
    @Nullable String token,
    Duration firstPause) {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final String HUB = "https://huggingface.co";

  /** From the configuration, and the variables that Hugging Face's own tools read. */
  static FetchSettings of(BackboneConfig config, Map<String, String> environment) {
    return new FetchSettings(
        cache(config, environment),
        config.fetchTime(),
        config.maxBytes(),
        config.allowHttp(),
        hub(value(environment, "HF_ENDPOINT").orElse(HUB), config.allowHttp()),
        value(environment, "HF_TOKEN").map(String::strip).orElse(null),
        FIRST_PAUSE);
  }

  /** The file is not printed with its token. */
  @Override
  public String toString() {
    return "FetchSettings[%s, %s]".formatted(cache, hub);
  }

  private static Path cache(BackboneConfig config, Map<String, String> environment) {
    return Optional.ofNullable(config.cacheDir())
        .or(() -> value(environment, "AFINA_CACHE"))
        .map(Path::of)
        .or(() -> value(environment, "XDG_CACHE_HOME").map(home -> Path.of(home, "afina")))
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "afina"));
  }

  private static URI hub(String text, boolean allowHttp) {
    try {
      URI uri = URI.create(text.replaceFirst("/+$", ""));
      if (uri.getHost() != null
          && uri.getRawUserInfo() == null
          && Origin.of(uri).isSafe(allowHttp)) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw wrongHub(text, e);
    }
    throw wrongHub(text, null);
  }

  private static AfinaException wrongHub(String text, @Nullable Throwable cause) {
    return new AfinaException(
        ExitCode.BACKBONE,
        "HF_ENDPOINT is %s: it must be such as https://hub.example.org (http only for this machine, or with backbone.allowHttp)"
            .formatted(text),
        cause);
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
  }
}
