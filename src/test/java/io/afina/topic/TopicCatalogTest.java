package io.afina.topic;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.afina.config.ConfigLoader;
import io.afina.event.Topic;
import io.afina.event.Topics;
import io.afina.topic.TopicSpec.Form;
import io.afina.topic.TopicSpec.Sizing;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicCatalogTest {

  private static final String REVIEW = "review";

  private final TopicCatalog catalog = TopicCatalog.load(TOPICS);

  @Test
  void shouldDescribeEveryTopicOfTheCode() throws Exception {
    // given
    Topics topics = new Topics("a.");
    Set<String> names = new TreeSet<>();
    for (Method method : Topics.class.getMethods()) {
      if (method.getReturnType() == Topic.class) {
        names.add(((Topic<?, ?>) method.invoke(topics)).name());
      }
    }

    // then
    assertThat(names).allMatch(name -> name.startsWith("a."));
    assertThat(TopicCatalog.load(topics).names()).containsExactlyElementsOf(names);
    assertThat(topics.names()).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void shouldCopartitionWhatTheCodeJoins() {
    // given
    Set<String> joined = Set.of("images", "predictions", "corrections", "strays", REVIEW);

    // then
    assertThat(catalog.names().stream().filter(catalog::isCopartitioned))
        .containsExactlyInAnyOrderElementsOf(joined);
    assertThat(catalog.topics())
        .filteredOn(topic -> topic.sizing() != Sizing.FIXED)
        .extracting(TopicSpec::partitions)
        .containsOnly(12);
    assertThat(topic("models").partitions()).isEqualTo(1);
    assertThat(topic("training").sizing()).isEqualTo(Sizing.KEYED);
  }

  @Test
  void shouldNameOnlySettingsThatKafkaKnows() {
    assertThat(catalog.topics())
        .allSatisfy(topic -> LogConfig.validate(topic.configuration()))
        .allSatisfy(topic -> assertThat(topic.configuration()).isNotEmpty());
  }

  @Test
  void shouldHoldThePicturesThatTheConfigurationAllows() {
    // given
    int largest = ConfigLoader.defaults().load().pictures().maxBytes();

    // then
    assertThat(maxMessageBytes("images")).isGreaterThan(largest + 1_000_000);
    assertThat(maxMessageBytes("dead-letters")).isGreaterThan(maxMessageBytes("images"));
  }

  @Test
  void shouldReferToSchemasThatExistAndAreValid() {
    // given
    var metaSchema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
    List<String> files =
        catalog.topics().stream()
            .flatMap(topic -> topic.value().stream())
            .map(Form::schema)
            .filter(Objects::nonNull)
            .toList();

    // then
    assertThat(files)
        .containsExactlyInAnyOrder(
            "alias.schema.json",
            "backbone.schema.json",
            "decide.schema.json",
            "correction.schema.json",
            "label.schema.json",
            "member.schema.json",
            "prediction.schema.json",
            "review.schema.json",
            "suspects.schema.json",
            "withdrawal.schema.json")
        .allSatisfy(
            file ->
                assertThat(metaSchema.validate(new Schemas().schema(file).getSchemaNode()))
                    .isEmpty());
  }

  @Test
  void shouldReadTheFilesFromAJarToo(@TempDir Path folder) throws Exception {
    // given
    Path jar = folder.resolve("afina.jar");
    Path classes = Path.of(Objects.requireNonNull(getClass().getResource("/topics")).toURI());
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.list(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry("topics/" + file.getFileName()));
        Files.copy(file, out);
      }
    }

    // then
    assertThat(TopicCatalog.inJar(jar)).isEqualTo(catalog);
  }

  private long maxMessageBytes(String name) {
    return Long.parseLong(
        topic(name).configuration().getOrDefault(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "1048588"));
  }

  private TopicSpec topic(String name) {
    List<TopicSpec> found = new ArrayList<>(catalog.topics());
    found.removeIf(topic -> !topic.name().equals(name));
    return found.get(0);
  }
}
