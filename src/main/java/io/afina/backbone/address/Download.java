package io.afina.backbone.address;

import io.afina.backbone.address.RemoteException.Kind;
import io.afina.backbone.address.RemoteFiles.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches a large file into a part file, which survives the process: the next attempt, or the next
 * process, asks for the rest only, if the server still has the same file.
 */
final class Download {

  private static final Logger LOG = LoggerFactory.getLogger(Download.class);
  private static final int CHUNK = 1 << 16;

  private final RemoteFiles files;
  private final URI uri;
  private final Path part;

  /** Beside the part: by which the server knows what the part is of (RFC 9110, 8.8.3). */
  private final Path tag;

  private final long maxBytes;
  private @Nullable String hubTag;

  /** One download, of a part that nobody else writes. */
  Download(RemoteFiles files, URI uri, Path part, long maxBytes) {
    this.files = files;
    this.uri = uri;
    this.part = part;
    this.tag = Path.of(part + ".etag");
    this.maxBytes = maxBytes;
  }

  /**
   * Fetches the file, and compares it with what is known of it.
   *
   * @param sha256 that it must have, or null for any
   * @return its SHA-256
   * @throws RemoteException when it cannot be had, or is another; then nothing is kept
   */
  String run(@Nullable String sha256) throws RemoteException {
    boolean resumed = size() > 0;
    files.persistently(this::attempt, this::size);
    ContentHashes hashes = hashes();
    Optional<String> wanted =
        sha256 != null && !hashes.sha256().equals(sha256)
            ? Optional.of(sha256)
            : Optional.ofNullable(hubTag).filter(announced -> !hashes.areOf(announced));
    if (wanted.isEmpty()) {
      CacheException.onDisk(tag, () -> Files.deleteIfExists(tag));
      return hashes.sha256();
    }
    discard();
    if (resumed) {
      return run(sha256);
    }
    throw new RemoteException(
        Kind.WRONG,
        "%s gives a file with SHA-256 %s and not %s"
            .formatted(uri.getHost(), hashes.sha256(), wanted.get()));
  }

  private Path attempt() throws RemoteException {
    try {
      return files.ask(uri, rest(), this::write);
    } catch (RemoteException e) {
      if (e.kind() != Kind.OTHER_PART) {
        throw e;
      }
      discard();
      return files.ask(uri, rest(), this::write);
    }
  }

  private ContentHashes hashes() {
    try {
      return ContentHashes.of(part, hubTag);
    } catch (IOException e) {
      throw CacheException.of(part, e);
    }
  }

  private long size() {
    try {
      return Files.exists(part) ? Files.size(part) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** What asks for the rest, if there is a beginning and the server can tell of what. */
  private Map<String, String> rest() {
    Map<String, String> headers = new HashMap<>();
    Optional<String> known = knownTag();
    if (size() > 0 && known.isPresent()) {
      headers.put("Range", "bytes=%d-".formatted(size()));
      headers.put("If-Range", known.get());
    }
    return headers;
  }

  private Optional<String> knownTag() {
    try {
      return Files.exists(tag) ? Optional.of(Files.readString(tag)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Path write(Answer answer) throws IOException, RemoteException {
    hubTag = answer.hubTag();
    long from = answer.isRest() ? size() : 0;
    if (answer.isRest() && !answer.header("Content-Range").orElse("").startsWith(range(from))) {
      throw new RemoteException(
          Kind.OTHER_PART, "%s sends another part than the one asked for".formatted(answer.host()));
    }
    requireFits(answer, from + Math.max(answer.length(), 0));
    LOG.atInfo()
        .addKeyValue("host", answer.host())
        .addKeyValue("from", from)
        .addKeyValue("bytes", answer.length())
        .log("fetching a backbone");
    remember(answer);
    append(answer, from);
    return part;
  }

  private static String range(long from) {
    return "bytes %d-".formatted(from);
  }

  /** Only a strong tag is of every byte. */
  private void remember(Answer answer) {
    Optional<String> strong = answer.header("ETag").filter(text -> text.startsWith("\""));
    CacheException.onDisk(
        tag,
        () -> {
          if (strong.isPresent()) {
            Files.writeString(tag, strong.get(), StandardCharsets.ISO_8859_1);
          } else {
            Files.deleteIfExists(tag);
          }
        });
  }

  private void append(Answer answer, long from) throws IOException, RemoteException {
    long size = from;
    byte[] chunk = new byte[CHUNK];
    InputStream body = answer.body();
    try (OutputStream out = open(from)) {
      for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
        size += read;
        requireFits(answer, size);
        int bytes = read;
        CacheException.onDisk(part, () -> out.write(chunk, 0, bytes));
      }
    }
  }

  private OutputStream open(long from) {
    StandardOpenOption how =
        from > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
    try {
      return Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how);
    } catch (IOException e) {
      throw CacheException.of(part, e);
    }
  }

  private void requireFits(Answer answer, long bytes) throws RemoteException {
    if (bytes > maxBytes) {
      discard();
      throw new RemoteException(
          Kind.WRONG,
          "%s has a file of more than %,d bytes (backbone.maxBytes)"
              .formatted(answer.host(), maxBytes));
    }
  }

  private void discard() {
    CacheException.onDisk(
        part,
        () -> {
          Files.deleteIfExists(part);
          Files.deleteIfExists(tag);
        });
  }
}
