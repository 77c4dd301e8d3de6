package io.afina.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Assembles the configuration. Later wins over earlier: the defaults in {@code afina.yaml}; the
 * file of {@code --config}; the properties of {@code --command-config} (Kafka's own form, for the
 * Kafka clients); the command line's {@code --set key=value} and options.
 */
public final class ConfigLoader {

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          // So that --set can give a list, with commas.
          .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
          .addModule(new SimpleModule().addDeserializer(Duration.class, new DurationReader()))
          .build();

  /** The keys, by their sections, that name something on the cluster which is no topic. */
  private static final Map<String, String> NAMES =
      Map.of("classifier", "applicationId", "trainer", "group", "labelling", "group");

  private static final String PREFIX = "${topics.prefix}";

  private final ObjectNode tree;

  private ConfigLoader(ObjectNode tree) {
    this.tree = tree;
  }

  /** Starts from the defaults. */
  public static ConfigLoader defaults() {
    try (InputStream defaults =
        Objects.requireNonNull(ConfigLoader.class.getResourceAsStream("afina.yaml"))) {
      return new ConfigLoader((ObjectNode) YAML.readTree(defaults));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a YAML file of the same form as the defaults. */
  public ConfigLoader file(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      JsonNode read = YAML.readTree(reader);
      if (!(read instanceof ObjectNode object)) {
        throw new InvalidConfigException(file + " is not a YAML mapping of configuration keys");
      }
      merge(tree, object);
      return this;
    } catch (JacksonException e) {
      throw new InvalidConfigException(
          "%s is not YAML: %s".formatted(file, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new InvalidConfigException("cannot read " + file + ": " + e, e);
    }
  }

  /** Adds a properties file of Kafka client settings. */
  public ConfigLoader kafkaProperties(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidConfigException("cannot read " + file + ": " + e, e);
    }
    properties.forEach((key, value) -> set("kafka." + key, value));
    return this;
  }

  /**
   * Sets one key, such as {@code trainer.interval} or {@code kafka.security.protocol}; null changes
   * nothing.
   */
  public ConfigLoader set(String key, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    int dot = key.indexOf('.');
    String section = dot < 0 ? key : key.substring(0, dot);
    if (dot < 0 || !(tree.get(section) instanceof ObjectNode node)) {
      throw new InvalidConfigException(
          "%s is no key: it must be section.key, with a section of %s"
              .formatted(key, String.join(", ", (Iterable<String>) tree::fieldNames)));
    }
    node.put(key.substring(dot + 1), value.toString());
    return this;
  }

  /** Validates and gives the configuration; fails with the first thing that is wrong. */
  public AfinaConfig load() {
    try {
      return YAML.treeToValue(named(), AfinaConfig.class);
    } catch (JsonMappingException e) {
      if (e.getCause() instanceof InvalidConfigException invalid) {
        throw invalid;
      }
      String key =
          e.getPath().stream()
              .map(JsonMappingException.Reference::getFieldName)
              .collect(Collectors.joining("."));
      throw new InvalidConfigException("%s: %s".formatted(key, e.getOriginalMessage()), e);
    } catch (JacksonException e) {
      throw new InvalidConfigException(e.getOriginalMessage(), e);
    }
  }

  /** Writes the assembled configuration as a file that {@link #file} reads. */
  public void save(Path file) {
    try {
      YAML.writeValue(file.toFile(), tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fills the prefix in where a name has it. */
  private ObjectNode named() {
    ObjectNode named = tree.deepCopy();
    String prefix = named.at("/topics/prefix").asText();
    NAMES.forEach(
        (section, key) -> {
          if (named.path(section).get(key) instanceof TextNode name) {
            ((ObjectNode) named.get(section)).put(key, name.asText().replace(PREFIX, prefix));
          }
        });
    return named;
  }

  private static void merge(ObjectNode into, ObjectNode from) {
    for (Map.Entry<String, JsonNode> field : from.properties()) {
      if (into.get(field.getKey()) instanceof ObjectNode old
          && field.getValue() instanceof ObjectNode added) {
        merge(old, added);
      } else {
        into.set(field.getKey(), field.getValue());
      }
    }
  }

  private static final class DurationReader extends StdDeserializer<Duration> {

    private static final long serialVersionUID = 1L;

    DurationReader() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      try {
        return Durations.parse(parser.getText());
      } catch (IllegalArgumentException e) {
        throw JsonMappingException.from(parser, e.getMessage(), e);
      }
    }
  }
}
