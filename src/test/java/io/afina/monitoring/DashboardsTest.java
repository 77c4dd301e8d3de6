package io.afina.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.afina.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The dashboards of {@code monitoring/} follow Grafana's own types, as npm's {@code
 * @grafana/schema} has them. {@code src/test/grafana} makes a JSON schema of these. Skipped where
 * there is no npm, which CI installs.
 */
class DashboardsTest {

  private static final Path DASHBOARDS = Path.of("monitoring", "grafana", "dashboards");
  private static final Path TYPES = Path.of("src", "test", "grafana");
  private static final int COLUMNS = 24;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static Schema schema;

  @BeforeAll
  static void makeTheSchema(@TempDir Path folder) throws Exception {
    Programs.require("npm");
    for (String file :
        List.of(".npmrc", "package.json", "package-lock.json", "tsconfig.json", "dashboard.ts")) {
      Files.copy(TYPES.resolve(file), folder.resolve(file));
    }
    run(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    run(folder, "npm", "run", "--silent", "schema");
    schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(Files.readString(folder.resolve("dashboard.schema.json")));
  }

  @Test
  void shouldFollowGrafanasOwnTypes() throws IOException {
    assertThat(dashboards())
        .hasSize(4)
        .allSatisfy(dashboard -> assertThat(errors(dashboard)).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "/panels/0, type, stats",
    "/panels/0, describtion, no",
    "/panels/0/options, colorMode, shiny",
    "/panels/0/targets/0, exp, up",
    "/panels/0/fieldConfig/defaults/thresholds, mode, relative",
    "/panels/4/fieldConfig/defaults/custom, fillOpacity, half",
    "/panels/4/options/legend, placement, left",
    "/annotations/list/0, enable, sometimes",
    "/time, since, now-1h"
  })
  void shouldNotPassWithAMistake(String where, String key, String value) throws IOException {
    JsonNode dashboard = JSON.readTree(DASHBOARDS.resolve("afina-stream.json").toFile());
    ((ObjectNode) dashboard.at(where)).put(key, value);
    assertThat(errors(dashboard)).isNotEmpty();
  }

  @Test
  void shouldPutNoPanelOverAnother() throws IOException {
    assertThat(dashboards())
        .allSatisfy(
            dashboard -> {
              List<String> cells = new ArrayList<>();
              dashboard.get("panels").forEach(panel -> cells.addAll(cells(panel.get("gridPos"))));
              assertThat(cells).doesNotHaveDuplicates();
              assertThat(dashboard.findValuesAsText("id")).doesNotHaveDuplicates();
            });
  }

  @Test
  void shouldBeCheckedByTheTypesOfTheGrafanaThatIsStarted() throws IOException {
    JsonNode compose = new YAMLMapper().readTree(Path.of("docker-compose.yml").toFile());
    JsonNode types = JSON.readTree(TYPES.resolve("package.json").toFile());
    assertThat(compose.at("/services/grafana/image").asText())
        .endsWith(":" + types.at("/devDependencies/@grafana~1schema").asText());
  }

  private static List<JsonNode> dashboards() throws IOException {
    List<JsonNode> dashboards = new ArrayList<>();
    try (Stream<Path> files = Files.list(DASHBOARDS)) {
      for (Path file : files.sorted().toList()) {
        dashboards.add(JSON.readTree(file.toFile()));
      }
    }
    return dashboards;
  }

  private static List<String> errors(JsonNode dashboard) {
    return schema.validate(dashboard.toString(), InputFormat.JSON).stream()
        .map(Object::toString)
        .toList();
  }

  /** The cells of Grafana's grid that a panel lies on. */
  private static List<String> cells(JsonNode position) {
    int x = position.get("x").asInt();
    int y = position.get("y").asInt();
    int width = position.get("w").asInt();
    int height = position.get("h").asInt();
    assertThat(x + width).isLessThanOrEqualTo(COLUMNS);
    return IntStream.range(0, width * height)
        .mapToObj(cell -> "%d %d".formatted(x + cell % width, y + cell / width))
        .toList();
  }

  private static void run(Path folder, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
