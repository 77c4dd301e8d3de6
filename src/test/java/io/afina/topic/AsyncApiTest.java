package io.afina.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.afina.Programs;
import io.afina.event.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The document follows AsyncAPI's own JSON schema, as npm's {@code @asyncapi/specs} has it; that is
 * skipped where there is no npm, which CI installs.
 */
class AsyncApiTest {

  private static final String PREFIX = "a.";
  private static final Path PACKAGES = Path.of("src", "test", "asyncapi");

  private final TopicCatalog catalog = TopicCatalog.load(new Topics(PREFIX));
  private final JsonNode document = read(new AsyncApi(catalog, PREFIX).yaml());

  @Test
  void shouldFollowTheSchemaOfAsyncApiAndNotPassWithAMistake(@TempDir Path folder)
      throws Exception {
    // given
    Schema specification = specification(folder);
    JsonNode unknown = document.deepCopy();
    ((ObjectNode) unknown.at("/channels/images")).put("adress", "images");
    JsonNode action = document.deepCopy();
    ((ObjectNode) action.at("/operations/upstream-send-images")).put("action", "publish");
    JsonNode binding = document.deepCopy();
    ((ObjectNode) binding.at("/channels/images/bindings/kafka")).put("partitions", "12");

    // then
    assertThat(errors(specification, document)).isEmpty();
    assertThat(List.of(unknown, action, binding))
        .allSatisfy(wrong -> assertThat(errors(specification, wrong)).isNotEmpty());
  }

  @Test
  void shouldHaveEveryTopicWithItsMessagesAndRoles() {
    assertThat(catalog.topics())
        .isNotEmpty()
        .allSatisfy(
            topic -> {
              String name = topic.name().substring(PREFIX.length());
              JsonNode channel = document.at("/channels").path(name);
              assertThat(channel.path("address").asText()).isEqualTo(topic.name());
              assertThat(channel.path("messages")).hasSameSizeAs(topic.value());
              topic.producers().forEach(role -> requireOperation(role.name(), "send", name));
              topic.consumers().forEach(role -> requireOperation(role.name(), "receive", name));
            });
    assertThat(document.at("/channels")).hasSameSizeAs(catalog.topics());
  }

  @Test
  void shouldDescribeKeysHeadersAndValues() {
    JsonNode letter = document.at("/components/messages/dead-letters-bytes");
    assertThat(letter.at("/headers/properties/afina.reason/description").asText()).isNotEmpty();
    assertThat(letter.at("/bindings/kafka/key/description").asText()).contains("byte for byte");
    JsonNode image = document.at("/components/messages/images-bytes");
    assertThat(image.at("/headers/patternProperties").has("^ce_")).isTrue();
    assertThat(document.at("/components/messages/training-safetensors/contentType").asText())
        .isEqualTo("application/octet-stream");
    assertThat(document.at("/components/messages/corrections-null/payload/type").asText())
        .isEqualTo("null");
    assertThat(document.at("/channels/models/bindings/kafka/topicConfiguration/cleanup.policy"))
        .hasSize(1);
  }

  @Test
  void shouldHaveEverySchemaAndOnlyReferencesThatLeadSomewhere() throws IOException {
    // given
    Set<String> schemas;
    try (Stream<Path> files = Files.list(Path.of("topics", "schemas"))) {
      schemas =
          files
              .map(file -> file.getFileName().toString().replace(".schema.json", ""))
              .collect(Collectors.toSet());
    }

    // then
    assertThat(document.at("/components/schemas").properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrderElementsOf(schemas);
    assertThat(document.findValuesAsText("$ref"))
        .hasSizeGreaterThan(30)
        .allSatisfy(
            to -> assertThat(document.at(to.substring(1)).isMissingNode()).as(to).isFalse());
  }

  @Test
  void shouldJudgeValuesAsTheFilesDo() {
    // given
    String good = "{\"label\": \"bee\", \"at\": \"2026-01-01T00:00:00Z\"}";

    // then
    Schema correction =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(document.at("/components/schemas/correction").toString());
    assertThat(correction.validate(good, InputFormat.JSON)).isEmpty();
    assertThat(correction.validate("{\"label\": 7}", InputFormat.JSON)).isNotEmpty();
  }

  private static Schema specification(Path folder) throws Exception {
    Programs.require("npm");
    for (String file : List.of(".npmrc", "package.json", "package-lock.json")) {
      Files.copy(PACKAGES.resolve(file), folder.resolve(file));
    }
    Process npm =
        new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(npm.waitFor()).as(output).isZero();
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
        .getSchema(
            Files.readString(folder.resolve("node_modules/@asyncapi/specs/schemas/3.0.0.json")));
  }

  private void requireOperation(String role, String action, String channel) {
    String who = role.toLowerCase(Locale.ROOT);
    JsonNode operation = document.at("/operations").path(String.join("-", who, action, channel));
    assertThat(operation.path("action").asText()).isEqualTo(action);
    assertThat(operation.at("/channel/$ref").asText()).isEqualTo("#/channels/" + channel);
    assertThat(operation.at("/tags/0/name").asText()).isEqualTo(who);
  }

  private static JsonNode read(String yaml) {
    try {
      return new YAMLMapper().readTree(yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> errors(Schema schema, JsonNode document) {
    return schema.validate(document.toString(), InputFormat.JSON).stream()
        .map(Object::toString)
        .toList();
  }
}
