package io.afina.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.FilterReply;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The configuration of the log that a process has. */
class LogbackXmlTest {

  private static final String SENDER = "org.apache.kafka.clients.producer.internals.Sender";
  private static final String RETRIES =
      "[Producer clientId=p] Got error produce response with correlation id 7 on topic-partition predictions-3, retrying (5 attempts left). Error: ";

  private final LoggerContext context = new LoggerContext();

  @BeforeEach
  void configure() throws Exception {
    URL xml = Objects.requireNonNull(LogbackXmlTest.class.getResource("/logback.xml"));
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(xml);
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void shouldBeginEveryLineWithDateAndZone() {
    Instant when = Instant.parse("2026-11-26T05:00:00.123Z");

    String line =
        line(
            Events.with(
                Events.event("io.afina.some.Thing", Level.INFO, when, "came"), "id", "a\nb\r\nc"));

    assertThat(line)
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.123(Z|[+-]\\d\\d:\\d\\d) INFO .*\n")
        .contains("came id=\"a b c\"");
  }

  @Test
  void shouldLeaveOutTheRoutineWarningOfKafkaAndNoOther() {
    Logger sender = context.getLogger(SENDER);

    assertThat(isLeftOut(SENDER, RETRIES + "CONCURRENT_TRANSACTIONS")).isTrue();
    assertThat(isLeftOut(SENDER, RETRIES + "NOT_LEADER_OR_FOLLOWER")).isFalse();
    assertThat(isLeftOut("io.afina.some.Thing", RETRIES + "CONCURRENT_TRANSACTIONS")).isFalse();
    assertThat(sender.isWarnEnabled()).isTrue();
    context.getLogger(SENDER).setLevel(Level.DEBUG);
    assertThat(isLeftOut(SENDER, RETRIES + "CONCURRENT_TRANSACTIONS")).isFalse();
  }

  @Test
  void shouldKeepTheAuditTrailWhenAfinaIsQuieter() {
    context.getLogger("io.afina").setLevel(Level.ERROR);

    assertThat(context.getLogger(Audit.LOGGER).isInfoEnabled()).isTrue();
  }

  private boolean isLeftOut(String logger, String text) {
    return context.getTurboFilterList().stream()
        .anyMatch(
            filter ->
                filter.decide(null, context.getLogger(logger), Level.WARN, text, null, null)
                    == FilterReply.DENY);
  }

  private String line(ILoggingEvent event) {
    OutputStreamAppender<ILoggingEvent> console =
        (OutputStreamAppender<ILoggingEvent>)
            context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("stderr");
    return new String(console.getEncoder().encode(event), StandardCharsets.UTF_8);
  }
}
