package io.afina.backbone.address;

import io.afina.event.Sha256;
import io.afina.lifecycle.AfinaException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** A hub and another host, both on this machine, and fetchers with a cache of their own. */
final class FetcherFixture implements AutoCloseable {

  static final byte[] NETWORK = bytes(300_000, 1);
  static final byte[] CARD = "{\"name\": \"a card\"}".getBytes(StandardCharsets.UTF_8);
  static final String COMMIT = "c0ffee".repeat(6) + "beef";

  final FileServer hub = new FileServer();
  final FileServer cdn = new FileServer();
  private final Path folder;

  FetcherFixture(Path folder) {
    this.folder = folder;
  }

  static byte[] bytes(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** A repository whose branch {@code main} is at a commit, and has these files. */
  void repository(String commit, List<String> files) {
    String siblings =
        files.stream().map("{\"rfilename\": \"%s\"}"::formatted).collect(Collectors.joining(","));
    byte[] json =
        "{\"sha\": \"%s\", \"private\": false, \"siblings\": [%s]}"
            .formatted(commit, siblings)
            .getBytes(StandardCharsets.UTF_8);
    hub.put("/api/models/pets/net/revision/main", json);
    hub.put("/api/models/pets/net/revision/" + commit, json);
  }

  /** Where the hub has a file of its one repository. */
  static String path(String file) {
    return "/pets/net/resolve/%s/%s".formatted(COMMIT, file);
  }

  /** A repository with a network, which the other host sends, and its card. */
  void networkWithCard() {
    repository(COMMIT, List.of("README.md", "net.onnx", "net.onnx.json"));
    cdn.put("/net", NETWORK);
    hub.on(path("net.onnx"), linked(cdn.address() + "/net", Sha256.hex(NETWORK)));
    hub.put(path("net.onnx.json"), CARD);
  }

  /** As the hub answers for a large file: where it is, and what it must be. */
  static FileServer.Handler linked(String to, String sha256) {
    return exchange -> {
      exchange.getResponseHeaders().set("X-Linked-ETag", "\"" + sha256 + "\"");
      FileServer.redirect(to).answer(exchange);
    };
  }

  BackboneFetcher fetcher() {
    return fetcher(null, Duration.ofSeconds(30), 1_000_000);
  }

  BackboneFetcher fetcher(@Nullable String token, Duration time, long maxBytes) {
    return new BackboneFetcher(
        new FetchSettings(
            folder,
            time,
            maxBytes,
            false,
            URI.create(hub.address()),
            token,
            Duration.ofMillis(10)));
  }

  AfinaException refused(BackboneFetcher fetcher, String address) {
    return Assertions.catchThrowableOfType(AfinaException.class, () -> fetcher.fetch(address));
  }

  /** The files that are neither marks nor locks. */
  List<String> kept() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".lock"))
          .sorted()
          .toList();
    }
  }

  static boolean has(Path file, byte[] content) throws IOException {
    return Arrays.equals(Files.readAllBytes(file), content);
  }

  @Override
  public void close() {
    hub.close();
    cdn.close();
  }
}
