package io.afina.backbone.address;

import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Backbones that were fetched. {@code files} has every file under its SHA-256, {@code backbones}
 * one folder for each backbone with all that belongs to it, {@code addresses} what each address led
 * to. Everything appears whole or not at all.
 *
 * @param folder of the cache
 */
record BackboneCache(Path folder) {

  /** What an address led to. */
  private record Entry(String address, @Nullable String commit, String file, String sha256) {}

  /** The file that an address led to, if it is here and what it was. */
  Optional<Path> find(RemoteAddress address) throws IOException {
    Path entry = entry(address);
    if (!Files.exists(entry)) {
      return Optional.empty();
    }
    try {
      Entry kept = Json.read(Files.readAllBytes(entry), Entry.class);
      Path file = folder.resolve(kept.file).normalize();
      boolean meant = address.sha256() == null || kept.sha256.equals(address.sha256());
      return meant && file.startsWith(folder.normalize()) && isIntact(file, kept.sha256)
          ? Optional.of(file)
          : Optional.empty();
    } catch (MalformedRecordException | NullPointerException e) {
      return Optional.empty();
    }
  }

  /** The file of this hash, if it is here and has it. */
  Optional<Path> content(String sha256) throws IOException {
    Path file = contentFile(sha256);
    return isIntact(file, sha256) ? Optional.of(file) : Optional.empty();
  }

  /** Moves a part that is complete to where its hash says. */
  Path keep(Path part, String sha256) throws IOException {
    Path file = contentFile(sha256);
    Files.createDirectories(file.getParent());
    return Files.move(
        part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Keeps what an address led to.
   *
   * @param content the network
   * @param beside the files that describe it, by their names
   * @return the network's file, with the others beside it
   */
  Path store(
      RemoteAddress address,
      RemoteBackbone backbone,
      Path content,
      String sha256,
      Map<String, byte[]> beside)
      throws IOException {
    Path home = folder.resolve("backbones").resolve(identity(backbone.name(), sha256, beside));
    Files.createDirectories(home);
    for (Map.Entry<String, byte[]> file : beside.entrySet()) {
      write(home.resolve(file.getKey()), file.getValue());
    }
    Path network = home.resolve(backbone.name());
    link(content, network);
    write(
        entry(address),
        Json.write(
            new Entry(
                address.shown(),
                backbone.commit(),
                folder.relativize(network).toString(),
                sha256)));
    return network;
  }

  /** Where a download of this address is while it is not complete. */
  Path part(RemoteAddress address) {
    return folder.resolve("parts").resolve(hash(address) + ".part");
  }

  private Path entry(RemoteAddress address) {
    return folder.resolve("addresses").resolve(hash(address) + ".json");
  }

  private Path contentFile(String sha256) {
    return folder.resolve("files").resolve(sha256);
  }

  private static String hash(RemoteAddress address) {
    return Sha256.hex(address.key().getBytes(StandardCharsets.UTF_8));
  }

  private static String identity(String name, String sha256, Map<String, byte[]> beside) {
    StringBuilder all = new StringBuilder(name + " " + sha256);
    new TreeMap<>(beside)
        .forEach((other, bytes) -> all.append('\n').append(other).append(Sha256.hex(bytes)));
    return Sha256.hex(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isIntact(Path file, String sha256) throws IOException {
    return Files.isRegularFile(file) && ContentHashes.of(file, null).sha256().equals(sha256);
  }

  /** The same file under another name, or a copy where the disk has no links. */
  private static void link(Path content, Path name) throws IOException {
    Path part = Path.of(name + ".part");
    Files.deleteIfExists(part);
    try {
      Files.createLink(part, content);
    } catch (UnsupportedOperationException | IOException e) {
      Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
    }
    // Renaming a link to another of the same file does nothing, and leaves both.
    Files.deleteIfExists(name);
    Files.move(part, name, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Path part = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part");
    try {
      Files.write(part, bytes);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
