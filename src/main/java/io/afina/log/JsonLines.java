package io.afina.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/**
 * Writes the log for programs: one JSON object a line, with {@code timestamp} (ISO 8601 with
 * offset), {@code level}, the process as {@link ProcessLog} names it, {@code logger}, {@code
 * thread}, {@code message}, the key-values of the line in the object {@code fields}, and {@code
 * stack_trace}.
 */
public final class JsonLines extends EncoderBase<ILoggingEvent> {

  /** Properties of the log's context; null in the lines before the process has named itself. */
  static final String ROLE = "role";

  static final String INSTANCE = "instance";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.systemDefault());
  private static final byte[] NOTHING = {};

  private final JsonFactory factory = new JsonFactory();

  /** Has everything from here on written in this form. */
  public static void use() {
    consoles().forEach(JsonLines::encode);
  }

  /** Whether the log is written in this form: nothing else may then be on its stream. */
  public static boolean isUsed() {
    return consoles().anyMatch(console -> console.getEncoder() instanceof JsonLines);
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try (JsonGenerator json = factory.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("timestamp", TIME.format(event.getInstant()));
      json.writeStringField("level", event.getLevel().toString());
      json.writeStringField(ROLE, context.getProperty(ROLE));
      json.writeStringField(INSTANCE, context.getProperty(INSTANCE));
      json.writeStringField("logger", event.getLoggerName());
      json.writeStringField("thread", event.getThreadName());
      json.writeStringField("message", event.getFormattedMessage());
      fields(json, event);
      if (event.getThrowableProxy() != null) {
        json.writeStringField(
            "stack_trace", ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toByteArray();
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  /** In an object of their own: their keys are free, and may be those of the line. */
  private static void fields(JsonGenerator json, ILoggingEvent event) throws IOException {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs == null || pairs.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart("fields");
    for (KeyValuePair pair : pairs) {
      if (pair.value == null || pair.value instanceof Number || pair.value instanceof Boolean) {
        json.writeObjectField(pair.key, pair.value);
      } else {
        json.writeStringField(pair.key, pair.value.toString());
      }
    }
    json.writeEndObject();
  }

  private static void encode(OutputStreamAppender<ILoggingEvent> console) {
    JsonLines encoder = new JsonLines();
    encoder.setContext(console.getContext());
    encoder.start();
    console.setEncoder(encoder);
  }

  private static Stream<OutputStreamAppender<ILoggingEvent>> consoles() {
    if (!(LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root)) {
      return Stream.of();
    }
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(root.iteratorForAppenders(), 0), false)
        .<OutputStreamAppender<ILoggingEvent>>mapMulti(
            (appender, found) -> {
              if (appender instanceof OutputStreamAppender<ILoggingEvent> console) {
                found.accept(console);
              }
            });
  }
}
