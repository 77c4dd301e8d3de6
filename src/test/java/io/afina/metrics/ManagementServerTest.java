package io.afina.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.config.ManagementConfig;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ManagementServerTest {

  private static final String LOGGER = "io.afina.metrics.test";

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
  void shouldTellLifeFromReadiness() throws Exception {
    URI server = start(0, null);
    health.ready("streams", () -> Optional.of("the streams are REBALANCING"));
    assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);
    HttpResponse<String> waiting = get(server, "/health/ready");
    assertThat(waiting.statusCode()).isEqualTo(503);
    assertThat(waiting.body()).contains("\"streams\":\"the streams are REBALANCING\"");

    health.ready("streams", Optional::empty);
    assertThat(get(server, "/health/ready").statusCode()).isEqualTo(200);

    health.alive("trainer", () -> Optional.of("has ended"));
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

  private HttpResponse<String> get(URI server, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(server.resolve(path)).build(), BodyHandlers.ofString());
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
