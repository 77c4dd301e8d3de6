package io.afina.classifier;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Spans;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.header.TraceHeaders;
import io.afina.kafka.Homes;
import io.afina.lifecycle.Closer;
import io.afina.metrics.Health;
import io.afina.metrics.ManagementServer;
import io.afina.metrics.Metrics;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.TrustedKeys;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a slow bucket of a histogram to the trace of a picture that was in it. */
class ExemplarsTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration QUEUED = Duration.ofMillis(120);
  private static final String TRACE = Spans.remote(7).getTraceId();

  private final Closer closer = new Closer();
  private final AfinaConfig config = ConfigLoader.defaults().set("management.port", 0).load();
  private URI server;

  @BeforeEach
  void classifyATracedPicture(@TempDir Path state) {
    Metrics metrics = closer.own(new Metrics("test"));
    server = closer.own(new ManagementServer(config.management(), metrics, new Health())).address();
    Properties properties = new Properties();
    properties.put("application.id", "exemplars");
    properties.put("bootstrap.servers", "none:1");
    properties.put("state.dir", state.toString());
    TopologyTestDriver driver =
        closer.own(
            new TopologyTestDriver(
                ClassifierTopology.build(
                    config,
                    Homes.among(1),
                    new TextEmbedder(),
                    new HeadSlot(Heads.BACKBONE, 3, TrustedKeys.anybody()),
                    metrics.registry(),
                    Traces.off()),
                properties,
                NOW));
    RecordHeaders headers = new RecordHeaders();
    TraceHeaders.write(Spans.remote(7), headers);
    driver
        .createInputTopic(
            TOPICS.images().name(), new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(new TestRecord<>(bytes("x"), bytes("1 0 0"), headers, NOW.minus(QUEUED)));
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldNameTheTraceBehindALatencyToWhoReadsOpenMetrics() throws Exception {
    HttpResponse<String> answer = scrape("application/openmetrics-text; version=1.0.0");

    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/openmetrics-text");
    assertThat(exemplars(answer, "latency"))
        .singleElement()
        .asString()
        .contains("le=\"0.15\"", "trace_id=\"" + TRACE);
    for (String part : List.of("queue", "decode", "inference")) {
      assertThat(exemplars(answer, part)).as(part).hasSize(1);
    }
  }

  @Test
  void shouldLeaveTheTraceOutOfTheFormatThatHasNoPlaceForIt() throws Exception {
    HttpResponse<String> answer = scrape("text/plain");

    assertThat(answer.body()).contains("afina_image_latency_seconds_bucket").doesNotContain(TRACE);
  }

  private static List<String> exemplars(HttpResponse<String> answer, String part) {
    return answer
        .body()
        .lines()
        .filter(line -> line.startsWith("afina_image_%s_seconds_bucket".formatted(part)))
        .filter(line -> line.contains("# {"))
        .toList();
  }

  private HttpResponse<String> scrape(String format) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(server.resolve("/metrics")).header("Accept", format).build(),
            BodyHandlers.ofString());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
