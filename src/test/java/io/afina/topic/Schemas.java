package io.afina.topic;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.afina.topic.TopicSpec.Form;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The schemas in {@code topics/schemas/}, for any test that sees JSON on a topic. */
public final class Schemas {

  private final TopicCatalog catalog = TopicCatalog.load(TOPICS);
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  /**
   * What is wrong with a record; nothing if the list is empty.
   *
   * @param file the schema's name in {@code topics/schemas/}
   * @param json the record's value
   */
  public List<String> errors(String file, byte[] json) {
    return schema(file)
        .validate(
            new String(json, StandardCharsets.UTF_8),
            InputFormat.JSON,
            context -> context.executionConfig(c -> c.formatAssertionsEnabled(true)))
        .stream()
        .map(Object::toString)
        .toList();
  }

  /**
   * Fails unless a record that should be JSON follows the schema that its topic's description
   * names. Tombstones and records of other forms, such as heads, pass.
   */
  public void require(String topic, @Nullable String key, byte @Nullable [] value) {
    boolean otherForm = topic.equals("models") && (key == null || !key.startsWith("alias/"));
    if (value != null && !otherForm) {
      assertThat(file(topic).map(file -> errors(file, value)).orElse(List.of()))
          .as("%s on %s: %s", key, topic, new String(value, StandardCharsets.UTF_8))
          .isEmpty();
    }
  }

  private Optional<String> file(String topic) {
    return catalog.topics().stream()
        .filter(spec -> spec.name().equals(topic))
        .flatMap(spec -> spec.value().stream())
        .map(Form::schema)
        .filter(Objects::nonNull)
        .findFirst();
  }

  /** A schema by the name of its file. */
  Schema schema(String file) {
    return registry.getSchema(SchemaLocation.of("classpath:topics/schemas/" + file));
  }
}
