package io.afina.topic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.afina.lifecycle.AfinaVersion;
import io.afina.topic.TopicSpec.Form;
import io.afina.topic.TopicSpec.Header;
import io.afina.topic.TopicSpec.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Writes the topics as one <a href="https://www.asyncapi.com/docs/reference/specification/v3.0.0">
 * AsyncAPI 3</a> document, from their descriptions and schemas alone: a channel a topic, a message
 * for each form of value, an operation for each role that writes or reads.
 */
public final class AsyncApi {

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private static final String VERSION = "3.0.0";
  private static final String BINDING = "0.5.0";
  private static final String DESCRIPTION = "description";
  private static final String JSON = "application/json";
  private static final String BYTES = "application/octet-stream";

  private final ObjectNode root = YAML.createObjectNode();
  private final ObjectNode channels;
  private final ObjectNode operations;
  private final ObjectNode messages;
  private final AsyncApiSchemas schemas;
  private final String prefix;

  /**
   * Of the topics of one installation.
   *
   * @param prefix that their names begin with, which the names of channels do not
   */
  public AsyncApi(TopicCatalog catalog, String prefix) {
    this.prefix = prefix;
    root.put("asyncapi", VERSION);
    root.putObject("info")
        .put("title", "Afina")
        .put("version", AfinaVersion.number())
        .put(
            DESCRIPTION,
            "Classifies images on Kafka and learns from corrections. Each operation is that of the role in its tag: programs"
                + " of one's own are upstream (send images, receive predictions) and labeller (receive what to label, send"
                + " corrections).");
    root.put("defaultContentType", JSON);
    channels = root.putObject("channels");
    operations = root.putObject("operations");
    ObjectNode components = root.putObject("components");
    messages = components.putObject("messages");
    schemas = new AsyncApiSchemas(components.putObject("schemas"));
    catalog.topics().forEach(this::add);
  }

  /** The document as YAML. */
  public String yaml() {
    try {
      return YAML.writeValueAsString(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(TopicSpec topic) {
    String name = topic.name().substring(prefix.length());
    ObjectNode channel = channels.putObject(name);
    channel.put("address", topic.name()).put(DESCRIPTION, topic.why());
    ObjectNode forms = channel.putObject("messages");
    for (Form form : topic.value()) {
      String message = name + "-" + kind(topic, form);
      reference(forms.putObject(message), "components/messages/" + message);
      describe(messages.putObject(message), topic, form);
    }
    ObjectNode kafka = kafka(channel);
    kafka.put("topic", topic.name()).put("partitions", topic.partitions());
    if (topic.replication() != null) {
      kafka.put("replicas", topic.replication().intValue());
    }
    configure(kafka.putObject("topicConfiguration"), topic.configuration());
    operate("send", name, topic.producers());
    operate("receive", name, topic.consumers());
  }

  /** A form, or what it holds where a topic has several of that form. */
  private static String kind(TopicSpec topic, Form form) {
    String schema = form.schema();
    boolean alone =
        topic.value().stream().filter(other -> other.form().equals(form.form())).count() == 1;
    return alone || schema == null ? form.form() : schema.substring(0, schema.indexOf('.'));
  }

  private void describe(ObjectNode message, TopicSpec topic, Form form) {
    String what = form.what();
    message.put("title", "%s: %s".formatted(topic.name(), form.form())).put(DESCRIPTION, what);
    ObjectNode headers = message.putObject("headers").put("type", "object");
    topic.headers().forEach(header -> describe(headers, header));
    ObjectNode payload = message.putObject("payload");
    switch (form.form()) {
      case "json" -> {
        message.put("contentType", JSON);
        reference(payload, "components/schemas/" + schemas.add(form.schema()));
      }
      case "null" -> payload.put("type", "null").put(DESCRIPTION, what);
      default -> {
        message.put("contentType", BYTES);
        payload.put("type", "string").put("format", "binary").put(DESCRIPTION, what);
      }
    }
    kafka(message)
        .putObject("key")
        .put("type", "string")
        .put(DESCRIPTION, "%s. %s".formatted(topic.key().form(), topic.key().what()));
  }

  /** A header whose name ends in * stands for all that begin so. */
  private static void describe(ObjectNode headers, Header header) {
    String name = header.name();
    ObjectNode described =
        name.endsWith("*")
            ? headers
                .withObjectProperty("patternProperties")
                .putObject("^" + name.substring(0, name.length() - 1).replace(".", "\\."))
            : headers.withObjectProperty("properties").putObject(name);
    described.put("type", "string").put(DESCRIPTION, header.what());
  }

  private void operate(String action, String channel, Collection<Role> roles) {
    for (Role role : roles) {
      String who = role.name().toLowerCase(Locale.ROOT);
      ObjectNode operation = operations.putObject(String.join("-", who, action, channel));
      operation.put("action", action);
      reference(operation.putObject("channel"), "channels/" + channel);
      operation.putArray("tags").addObject().put("name", who);
    }
  }

  /** Numbers are numbers, and policies a list. */
  private static void configure(ObjectNode settings, Map<String, String> configuration) {
    configuration.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> settings.set(entry.getKey(), setting(entry.getKey(), entry.getValue())));
  }

  private static JsonNode setting(String key, String value) {
    if (key.equals(TopicConfig.CLEANUP_POLICY_CONFIG)) {
      return YAML.valueToTree(value.split(",", -1));
    }
    return value.matches("-?\\d+")
        ? YAML.valueToTree(Long.valueOf(value))
        : YAML.valueToTree(value);
  }

  private static ObjectNode kafka(ObjectNode of) {
    return of.putObject("bindings").putObject("kafka").put("bindingVersion", BINDING);
  }

  private static void reference(ObjectNode of, String to) {
    of.put("$ref", "#/" + to);
  }
}
