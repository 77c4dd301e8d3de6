package io.afina.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.config.ManagementConfig;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ManagementServerTest {

  private static final String LOGGER = "io.afina.metrics.test";

  /** More than the server has threads. */
  private static final int SLOW = 20;

  private final Closer closer = new Closer();
  private final Metrics metrics = closer.own(new Metrics("test"));
  private final Health health = new Health();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldServeMetersInThePrometheusFormat() throws Exception {
    new HeadMeters(metrics.registry(), List.of("wrong-hash"))
        .refused(HeadMeters.Place.CHAMPION, "wrong-hash");

    HttpResponse<String> answer = get(start(0, null), "/metrics");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains(
            "afina_head_refused_total{place=\"champion\",reason=\"wrong-hash\",role=\"test\"} 1.0")
        .contains("jvm_memory_used_bytes", "process_resident_memory_bytes");
  }

  @Test
  void shouldNegotiateTheFormatAndCompressAndFilterByName() throws Exception {
    new ImageMeters(metrics.registry());
    URI server = start(0, null);

    HttpResponse<String> plain = get(server, "/metrics");
    HttpResponse<String> open =
        get(server, "/metrics", "Accept", "application/openmetrics-text; version=1.0.0");
    HttpResponse<byte[]> packed =
        client.send(
            request(server, "/metrics").header("Accept-Encoding", "gzip").build(),
            BodyHandlers.ofByteArray());
    HttpResponse<String> one = get(server, "/metrics?name%5B%5D=jvm_threads_peak_threads");

    assertThat(type(plain)).startsWith("text/plain; version=0.0.4");
    assertThat(type(open)).startsWith("application/openmetrics-text; version=1.0.0");
    assertThat(open.body()).endsWith("# EOF\n");
    assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
      assertThat(new String(in.readAllBytes(), UTF_8)).contains("jvm_memory_used_bytes");
    }
    assertThat(one.body()).contains("jvm_threads_peak_threads").doesNotContain("jvm_memory");
  }

  @Test
  void shouldAnswerWhileOthersAreSlowToAsk() throws Exception {
    URI server = start(0, null);
    for (int i = 0; i < SLOW; i++) {
      Socket socket = closer.own(new Socket(server.getHost(), server.getPort()));
      socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost:".getBytes(UTF_8));
    }

    assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void shouldNeitherHaveStartedNorBeReadyBeforeAllItsPartsAreKnown() throws Exception {
    // given
    URI server = start(0, null);

    // then
    assertThat(get(server, "/health/started").statusCode()).isEqualTo(503);
    HttpResponse<String> early = get(server, "/health/ready");
    assertThat(early.statusCode()).isEqualTo(503);
    assertThat(early.body()).contains("\"process\":\"is starting\"");
    assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);

    // when
    health.complete();

    // then
    assertThat(get(server, "/health/started").statusCode()).isEqualTo(200);
    assertThat(get(server, "/health/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void shouldTellLifeFromReadiness() throws Exception {
    URI server = start(0, null);
    health.complete();
    health.ready("streams", () -> Optional.of("the streams are REBALANCING"));
    assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);
    HttpResponse<String> waiting = get(server, "/health/ready");
    assertThat(waiting.statusCode()).isEqualTo(503);
    assertThat(waiting.body()).contains("\"streams\":\"the streams are REBALANCING\"");
    assertThat(get(server, "/health/started").statusCode()).isEqualTo(200);

    health.ready("streams", Optional::empty);
    assertThat(get(server, "/health/ready").statusCode()).isEqualTo(200);

    health.alive("trainer", CompletableFuture.completedFuture(null));
    assertThat(get(server, "/health/live").statusCode()).isEqualTo(503);
    assertThat(get(server, "/health/ready").statusCode()).isEqualTo(503);
  }

  @Test
  void shouldChangeALogLevelForWhoHasTheToken(@TempDir Path folder) throws Exception {
    URI server = start(0, Files.writeString(folder.resolve("token"), "secret\n"));

    assertThat(put(server, "DEBUG", "Bearer guess").statusCode()).isEqualTo(401);
    assertThat(LoggerFactory.getLogger(LOGGER).isDebugEnabled()).isFalse();

    assertThat(put(server, "loud", "Bearer secret").statusCode()).isEqualTo(400);
    HttpResponse<String> answer = put(server, "DEBUG", "Bearer secret");
    assertThat(answer.body()).contains("DEBUG");
    assertThat(LoggerFactory.getLogger(LOGGER).isDebugEnabled()).isTrue();
    put(server, "WARN", "Bearer secret");
  }

  @Test
  void shouldKeepLogLevelsClosedWithoutAToken() throws Exception {
    HttpResponse<String> answer = put(start(0, null), "DEBUG", "Bearer ");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body()).contains("management.tokenFile");
  }

  @Test
  void shouldAnswerAnythingElseWithAProblem() throws Exception {
    HttpResponse<String> answer = get(start(0, null), "/secrets");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @Test
  void shouldRefuseOtherMethodsWithAProblem(@TempDir Path folder) throws Exception {
    URI server = start(0, Files.writeString(folder.resolve("token"), "secret"));
    HttpResponse<String> answer =
        client.send(
            request(server, "/loggers/" + LOGGER)
                .header("Authorization", "Bearer secret")
                .DELETE()
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow").orElseThrow()).contains("GET", "PUT");
    assertThat(type(answer)).isEqualTo("application/problem+json");
    assertThat(answer.body()).contains("urn:afina:problem:method");
  }

  @Test
  void shouldTakeTheNextPortUnlessOneWasNamed() {
    int first = start(null, null).getPort();
    int second = start(null, null).getPort();
    assertThat(second).isGreaterThan(first);

    assertThatThrownBy(() -> start(first, null))
        .isInstanceOfSatisfying(
            AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CONFIGURATION))
        .hasMessageContaining("127.0.0.1:" + first)
        .hasMessageContaining("--management-port");
  }

  private URI start(@Nullable Integer port, @Nullable Path token) {
    ManagementConfig config =
        new ManagementConfig("127.0.0.1", port, token == null ? null : token.toString());
    return closer.own(new ManagementServer(config, metrics, health)).address();
  }

  private HttpResponse<String> get(URI server, String path, String... headers) throws Exception {
    HttpRequest.Builder request = request(server, path);
    return client.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(URI server, String path) {
    return HttpRequest.newBuilder(server.resolve(path));
  }

  private static String type(HttpResponse<?> answer) {
    return answer.headers().firstValue("Content-Type").orElseThrow();
  }

  private HttpResponse<String> put(URI server, String level, String token) throws Exception {
    return client.send(
        HttpRequest.newBuilder(server.resolve("/loggers/" + LOGGER))
            .header("Authorization", token)
            .PUT(BodyPublishers.ofString(level))
            .build(),
        BodyHandlers.ofString());
  }
}
