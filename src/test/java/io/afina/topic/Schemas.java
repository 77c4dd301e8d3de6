package io.afina.topic;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The schemas in {@code topics/schemas/}, for any test that sees JSON on a topic. */
public final class Schemas {

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

  /** A schema by the name of its file. */
  Schema schema(String file) {
    return registry.getSchema(SchemaLocation.of("classpath:topics/schemas/" + file));
  }
}
