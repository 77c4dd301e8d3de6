package io.afina.cli;

import io.afina.event.Sha256;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes image events that say where their picture is. */
final class References {

  private References() {}

  /**
   * The URIs of a list (RFC 2483) by what follows their host or bucket; {@code -} is the standard
   * input.
   *
   * @throws AfinaException when one is no URI of a picture, or two would have the same id
   */
  static Map<String, URI> byId(Path list) throws IOException {
    Map<String, URI> found = new LinkedHashMap<>();
    for (String line : lines(list)) {
      URI uri = uri(line);
      URI other = found.put(uri.getPath().replaceFirst("^/+", ""), uri);
      if (other != null) {
        throw new AfinaException(
            ExitCode.USAGE,
            "%s and %s would have the same image id: give each a list of its own and --id-prefix"
                .formatted(other, uri));
      }
    }
    return found;
  }

  private static List<String> lines(Path list) throws IOException {
    try (InputStream in = list.toString().equals("-") ? System.in : Files.newInputStream(list)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    }
  }

  /** Refers to a URI. */
  static ProducerRecord<String, byte[]> to(String topic, String id, URI uri) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(topic, id, uri.toASCIIString().getBytes(StandardCharsets.UTF_8));
    record.headers().add("content-type", "text/uri-list".getBytes(StandardCharsets.UTF_8));
    return record;
  }

  /** Refers to a file by its absolute path, with the hash of its bytes. */
  static ProducerRecord<String, byte[]> to(String topic, String id, Path file, byte[] bytes) {
    ProducerRecord<String, byte[]> record =
        to(topic, id, file.toAbsolutePath().normalize().toUri());
    record.headers().add("sha256", Sha256.hex(bytes).getBytes(StandardCharsets.UTF_8));
    return record;
  }

  private static URI uri(String line) {
    try {
      URI uri = new URI(line);
      if (uri.isAbsolute() && uri.getPath() != null && uri.getPath().length() > 1) {
        return uri;
      }
      throw new URISyntaxException(line, "it has no path");
    } catch (URISyntaxException e) {
      throw new AfinaException(
          ExitCode.USAGE,
          "'%s' is no URI of a picture, such as s3://bucket/key: %s".formatted(line, e.getReason()),
          e);
    }
  }
}
