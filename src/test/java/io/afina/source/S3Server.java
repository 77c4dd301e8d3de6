package io.afina.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.Ports;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Adobe's S3Mock in a process of its own: none of its libraries are on the tests' class path. */
final class S3Server implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final int port = Ports.free();
  private final Process process;

  S3Server(Path folder) {
    try {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-jar",
                  jar(),
                  "--server.port=" + Ports.free(),
                  "--http.port=" + port)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("s3.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await("S3 answers").atMost(PATIENCE).until(this::isListening);
  }

  String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** A client to write with. */
  S3Client client() {
    return S3Client.builder()
        .endpointOverride(URI.create(endpoint()))
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .build();
  }

  void put(String bucket, String key, byte[] object) {
    try (S3Client client = client()) {
      if (client.listBuckets().buckets().stream().noneMatch(b -> b.name().equals(bucket))) {
        client.createBucket(request -> request.bucket(bucket));
      }
      client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(object));
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private boolean isListening() {
    assertThat(process.isAlive()).as("S3Mock runs").isTrue();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static String jar() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> new File(entry).getName().startsWith("s3mock-"))
        .findFirst()
        .orElseThrow();
  }
}
