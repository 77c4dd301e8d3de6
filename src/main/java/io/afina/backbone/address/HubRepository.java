package io.afina.backbone.address;

import io.afina.backbone.address.RemoteAddress.Hub;
import io.afina.backbone.address.RemoteException.Kind;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A repository of Hugging Face's hub, at one commit: which files it has, and where they are. See <a
 * href="https://huggingface.co/docs/hub/api">the hub's API</a>.
 */
final class HubRepository {

  private static final int MOST_BYTES = 8_000_000;
  private static final int SHOWN = 8;

  /** Where exports for ONNX Runtime are, in this order, if there are several files. */
  private static final List<String> USUAL = List.of("model.onnx", "onnx/model.onnx");

  private final URI hub;
  private final Hub address;
  private final String commit;
  private final List<String> files;

  private HubRepository(URI hub, Hub address, String commit, List<String> files) {
    this.hub = hub;
    this.address = address;
    this.commit = commit;
    this.files = files;
  }

  /** What the hub says of a repository; it says more. */
  private record Description(@Nullable String sha, @Nullable List<Sibling> siblings) {}

  private record Sibling(@Nullable String rfilename) {}

  /**
   * Asks the hub.
   *
   * @throws RemoteException when it cannot be reached, or has no such thing for us
   */
  static HubRepository find(Hub address, URI hub, RemoteFiles remote) throws RemoteException {
    URI api =
        URI.create(
            "%s/api/models/%s/revision/%s"
                .formatted(
                    hub,
                    address.repository(),
                    URLEncoder.encode(address.revision(), StandardCharsets.UTF_8)));
    byte[] json =
        remote.persistently(() -> remote.ask(api, Map.of(), RemoteFiles.all(MOST_BYTES)), () -> 0);
    try {
      Description described = Json.read(json, Description.class);
      String commit = Objects.requireNonNullElse(described.sha, "");
      if (commit.matches("[0-9a-f]{40,64}") && described.siblings != null) {
        return new HubRepository(hub, address, commit, paths(described.siblings));
      }
    } catch (MalformedRecordException e) {
      throw notAHub(hub, e);
    }
    throw notAHub(hub, null);
  }

  /** The file that the address names, or the one that there is. */
  RemoteBackbone backbone() throws RemoteException {
    String path = address.file() == null ? only() : address.file();
    if (!files.contains(path)) {
      throw new RemoteException(
          Kind.ABSENT, "%s has no file %s, but %s,".formatted(hub.getHost(), path, networks()));
    }
    String folder = path.substring(0, path.lastIndexOf('/') + 1);
    Map<String, List<URI>> descriptions = new LinkedHashMap<>();
    for (String name : RemoteBackbone.DESCRIPTIONS) {
      descriptions.put(name, existing(Stream.of(folder + name, name)));
    }
    return new RemoteBackbone(
        uri(path),
        path.substring(folder.length()),
        commit,
        existing(Stream.of(path + ".json")),
        descriptions);
  }

  private String only() throws RemoteException {
    List<String> networks = networks();
    for (String usual : USUAL) {
      if (networks.contains(usual)) {
        return usual;
      }
    }
    if (networks.size() == 1) {
      return networks.get(0);
    }
    throw new RemoteException(
        Kind.ABSENT,
        networks.isEmpty()
            ? "%s has neither an .onnx nor a .pt file".formatted(hub.getHost())
            : "%s has several files, of which the address must name one, %s%s,"
                .formatted(
                    hub.getHost(),
                    networks.stream().limit(SHOWN).toList(),
                    networks.size() > SHOWN ? " and others" : ""));
  }

  private List<String> networks() {
    return files.stream().filter(file -> RemoteAddress.NETWORK.matcher(file).matches()).toList();
  }

  private List<URI> existing(Stream<String> paths) {
    return paths.distinct().filter(files::contains).map(this::uri).toList();
  }

  /** Of the commit, so that all files are of one time. */
  private URI uri(String path) {
    return URI.create("%s/%s/resolve/%s/%s".formatted(hub, address.repository(), commit, path));
  }

  /** Those whose names are harmless in an address and on a disk. */
  private static List<String> paths(List<Sibling> siblings) {
    return siblings.stream()
        .map(Sibling::rfilename)
        .filter(Objects::nonNull)
        .filter(RemoteAddress::isPath)
        .toList();
  }

  private static RemoteException notAHub(URI hub, @Nullable Exception cause) {
    return new RemoteException(
        Kind.WRONG,
        "%s does not answer as Hugging Face's hub does (HF_ENDPOINT)".formatted(hub.getHost()),
        cause);
  }
}
