package io.afina.backbone.address;

import io.afina.backbone.address.RemoteAddress.Hub;
import io.afina.backbone.address.RemoteAddress.Web;
import io.afina.config.BackboneConfig;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.source.Deadline;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Fetches backbones from Hugging Face's hub and from web servers, each once: what an address led to
 * is kept, and needs no network again.
 */
public final class BackboneFetcher {

  private static final Pattern REMOTE = Pattern.compile("(hf|https?)://.*");
  private static final int LARGEST_CARD = 1_000_000;

  private final FetchSettings settings;
  private final BackboneCache cache;

  /** Fetches as the configuration and the environment say; connects to nothing yet. */
  public BackboneFetcher(BackboneConfig config) {
    this(FetchSettings.of(config, System.getenv()));
  }

  BackboneFetcher(FetchSettings settings) {
    this.settings = settings;
    this.cache = new BackboneCache(settings.cache());
  }

  /** Whether an address is one of those that are fetched here. */
  public static boolean isRemote(String address) {
    return REMOTE.matcher(address).matches();
  }

  /**
   * The file at an address, with what describes it beside it.
   *
   * @param text {@code hf://owner/name[@revision][/file]} or {@code https://…}, with {@code
   *     #sha256=…} behind it if the file must have that hash
   * @return the file, in the cache; beside it {@code x.onnx.json}, or {@code
   *     preprocessor_config.json} and {@code config.json}, whichever there are
   * @throws AfinaException when it is wrong, cannot be reached, or has another file
   */
  public Path fetch(String text) {
    RemoteAddress address = RemoteAddress.parse(text, settings.allowHttp());
    try {
      Optional<Path> kept = cache.find(address);
      return kept.isPresent() ? kept.get() : fetch(address);
    } catch (IOException e) {
      throw CacheException.of(settings.cache(), e);
    } catch (RemoteException e) {
      throw explained(address, e);
    }
  }

  private Path fetch(RemoteAddress address) throws IOException, RemoteException {
    Deadline deadline = Deadline.in(settings.time());
    try (CacheLock turn = CacheLock.take(cache.part(address), deadline);
        RemoteFiles remote = new RemoteFiles(settings, deadline)) {
      Optional<Path> meanwhile = cache.find(address);
      if (meanwhile.isPresent()) {
        return meanwhile.get();
      }
      RemoteBackbone backbone =
          address instanceof Hub hub
              ? HubRepository.find(hub, settings.hub(), remote).backbone()
              : of((Web) address);
      Map<String, byte[]> beside = beside(backbone, remote);
      String pinned = address.sha256();
      Optional<Path> known = pinned == null ? Optional.empty() : cache.content(pinned);
      if (pinned != null && known.isPresent()) {
        return cache.store(address, backbone, known.get(), pinned, beside);
      }
      Download download = new Download(remote, backbone.uri(), turn.part(), settings.maxBytes());
      String sha256 = download.run(pinned);
      return cache.store(address, backbone, cache.keep(turn.part(), sha256), sha256, beside);
    }
  }

  private static RemoteBackbone of(Web web) {
    Map<String, List<URI>> descriptions =
        RemoteBackbone.DESCRIPTIONS.stream()
            .collect(Collectors.toMap(name -> name, name -> List.of(web.sibling(name))));
    return new RemoteBackbone(
        web.uri(), web.name(), null, List.of(web.sibling(web.name() + ".json")), descriptions);
  }

  /** The card; or else, of each kind of description, the first that there is. */
  private static Map<String, byte[]> beside(RemoteBackbone backbone, RemoteFiles remote)
      throws RemoteException {
    Map<String, byte[]> found = new LinkedHashMap<>();
    first(backbone.card(), remote).ifPresent(card -> found.put(backbone.name() + ".json", card));
    if (found.isEmpty()) {
      for (Map.Entry<String, List<URI>> each : backbone.descriptions().entrySet()) {
        first(each.getValue(), remote).ifPresent(json -> found.put(each.getKey(), json));
      }
    }
    return found;
  }

  private static Optional<byte[]> first(List<URI> addresses, RemoteFiles remote)
      throws RemoteException {
    for (URI address : addresses) {
      Optional<byte[]> json = remote.small(address, LARGEST_CARD);
      if (json.isPresent()) {
        return json;
      }
    }
    return Optional.empty();
  }

  private AfinaException explained(RemoteAddress address, RemoteException e) {
    String remedy =
        switch (e.kind()) {
          case PASSING, OTHER_PART ->
              "take a file with --backbone FILE, or leave --backbone out for the one that comes with Afina";
          case ABSENT -> "correct the address, or take a file with --backbone FILE";
          case REFUSED -> refused(address);
          case WRONG -> "correct what is named, or take a file with --backbone FILE";
        };
    return new AfinaException(
        ExitCode.BACKBONE,
        "%s for the backbone %s: %s".formatted(e.why(), address.shown(), remedy),
        e);
  }

  private String refused(RemoteAddress address) {
    if (address instanceof Web) {
      return "have it given without a login, or take a file with --backbone FILE";
    }
    return settings.token() == null
        ? "correct its name, or set HF_TOKEN to a token that may read it if it is private or gated"
        : "correct its name, accept its licence there, or set HF_TOKEN to a token that may read it";
  }
}
