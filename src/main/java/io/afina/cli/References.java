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
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes image events that say where their picture is. */
final class References {

  private References() {}

  /** The URIs of a list (RFC 2483); {@code -} is the standard input. */
  static List<URI> uris(Path list) throws IOException {
    try (InputStream in = list.toString().equals("-") ? System.in : Files.newInputStream(list)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .map(References::uri)
          .toList();
    }
  }

  /** Refers to a URI; what follows its host or bucket becomes the image id. */
  static ProducerRecord<String, byte[]> to(String topic, String prefix, URI uri) {
    return record(topic, prefix + uri.getPath().replaceFirst("^/+", ""), uri);
  }

  /** Refers to a file by its absolute path, with the hash of what is in it now. */
  static ProducerRecord<String, byte[]> to(String topic, String id, Path file) throws IOException {
    ProducerRecord<String, byte[]> record =
        record(topic, id, file.toAbsolutePath().normalize().toUri());
    record
        .headers()
        .add("sha256", Sha256.hex(Files.readAllBytes(file)).getBytes(StandardCharsets.UTF_8));
    return record;
  }

  private static ProducerRecord<String, byte[]> record(String topic, String id, URI uri) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(topic, id, uri.toASCIIString().getBytes(StandardCharsets.UTF_8));
    record.headers().add("content-type", "text/uri-list".getBytes(StandardCharsets.UTF_8));
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
