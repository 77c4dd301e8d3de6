package io.afina.topic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts the files of {@code topics/schemas} into a document, each under its name, with references
 * that lead within the document. AsyncAPI's schemas are those of JSON Schema draft 7: what the
 * files have of later drafts, {@code $defs}, is written as draft 7 has it.
 */
record AsyncApiSchemas(ObjectNode schemas) {

  private static final String FOLDER = "/" + TopicCatalog.FOLDER + "/schemas/";
  private static final String END = ".schema.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Adds a file, and those that it refers to, and returns its name in the document. */
  String add(@Nullable String file) {
    Objects.requireNonNull(file, "a json value needs a schema");
    String name = file.substring(0, file.length() - END.length());
    if (!schemas.has(name)) {
      // Taken before its content is: files may refer to each other.
      schemas.putObject(name);
      schemas.set(name, adapted(read(file), name));
    }
    return name;
  }

  private JsonNode adapted(JsonNode node, String schema) {
    if (node instanceof ArrayNode array) {
      ArrayNode items = JSON.createArrayNode();
      array.forEach(item -> items.add(adapted(item, schema)));
      return items;
    }
    if (!node.isObject()) {
      return node;
    }
    ObjectNode object = JSON.createObjectNode();
    node.properties()
        .forEach(
            field -> {
              String name = field.getKey();
              JsonNode value = field.getValue();
              if (name.equals("$ref")) {
                object.put(name, reference(value.asText(), schema));
              } else if (!name.equals("$schema")) {
                object.set(name.equals("$defs") ? "definitions" : name, adapted(value, schema));
              }
            });
    return object;
  }

  private String reference(String to, String schema) {
    return "#/components/schemas/"
        + (to.startsWith("#")
            ? schema + to.substring(1).replace("/$defs/", "/definitions/")
            : add(to));
  }

  private static JsonNode read(String file) {
    String resource = FOLDER + file;
    try (InputStream json =
        Objects.requireNonNull(AsyncApiSchemas.class.getResourceAsStream(resource), resource)) {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource + ": " + e.getMessage(), e);
    }
  }
}
