package io.afina.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

class JsonLinesTest {

  private static final Instant WHEN = Instant.parse("2026-11-26T05:00:00.120Z");

  private final LoggerContext context = new LoggerContext();
  private final JsonLines encoder = new JsonLines();

  @Test
  void shouldWriteEachKeyAsAField() throws Exception {
    // given
    context.putProperty("role", "classify");
    context.putProperty("instance", "c-1");
    LoggingEvent event = Events.event("io.afina.Thing", Level.WARN, WHEN, "head refused");
    Events.with(event, "version", 7L);
    Events.with(event, "level", "DEBUG");
    Events.with(event, "id", "a\n\"b\"\u0000");
    Events.with(event, "nothing", null);

    // when
    JsonNode line = encode(event);

    // then
    assertThat(OffsetDateTime.parse(line.path("timestamp").asText()).toInstant()).isEqualTo(WHEN);
    assertThat(line.path("level").asText()).isEqualTo("WARN");
    assertThat(line.path("role").asText()).isEqualTo("classify");
    assertThat(line.path("instance").asText()).isEqualTo("c-1");
    assertThat(line.path("logger").asText()).isEqualTo("io.afina.Thing");
    assertThat(line.path("thread").asText()).isEqualTo("main");
    assertThat(line.path("message").asText()).isEqualTo("head refused");
    assertThat(line.path("fields").toString())
        .isEqualTo(
            "{\"version\":7,\"level\":\"DEBUG\",\"id\":\"a\\n\\\"b\\\"\\u0000\",\"nothing\":null}");
    assertThat(line.has("stack_trace")).isFalse();
  }

  @Test
  void shouldWriteAStackTraceOnTheSameLine() throws Exception {
    LoggingEvent event = Events.event("io.afina.Thing", Level.ERROR, WHEN, "failed");
    event.setThrowableProxy(new ThrowableProxy(new IllegalStateException("bug")));

    JsonNode line = encode(event);

    assertThat(line.path("stack_trace").asText())
        .contains("IllegalStateException: bug")
        .contains("at io.afina.log.JsonLinesTest");
    assertThat(line.has("fields")).isFalse();
  }

  private JsonNode encode(LoggingEvent event) throws IOException {
    encoder.setContext(context);
    String line = new String(encoder.encode(event), StandardCharsets.UTF_8);
    assertThat(line).endsWith("}\n").containsOnlyOnce("\n");
    return new ObjectMapper().readTree(line);
  }
}
