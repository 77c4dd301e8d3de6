package io.afina.topic;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.afina.event.RecordLimits;
import io.afina.event.Topics;
import io.afina.topic.TopicSpec.Role;
import io.afina.topic.TopicSpec.Sizing;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Reads the topics that {@code topics/} describes, by name. The files are packed as resources, and
 * the folder is its own index: a new file is a new topic.
 */
public record TopicCatalog(List<TopicSpec> topics) {

  static final String FOLDER = "topics";

  /** No topic, but always beside them: it leads to the folder. */
  static final String ACLS = "acls.yaml";

  /**
   * The settings of the changelogs of the classifiers' stores, which Kafka Streams makes: they take
   * every record ({@link RecordLimits}) whatever the brokers' default is, and keep it from when it
   * was written; the image's own time may be long ago. What was removed is really gone soon.
   */
  public static final Map<String, String> CHANGELOG =
      Map.of(
          TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
          Integer.toString(RecordLimits.TOPIC_BYTES),
          TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
          "LogAppendTime",
          TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
          Long.toString(Duration.ofDays(1).toMillis()));

  static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .build();

  public TopicCatalog {
    topics = topics.stream().sorted(Comparator.comparing(TopicSpec::name)).toList();
  }

  /** Reads the files that this program was packed with, and puts the prefix on the names. */
  public static TopicCatalog load(Topics topics) {
    return new TopicCatalog(
        packed().topics().stream().map(spec -> spec.prefixed(topics.prefix())).toList());
  }

  private static TopicCatalog packed() {
    URL acls =
        Objects.requireNonNull(TopicCatalog.class.getResource("/" + FOLDER + "/" + ACLS), ACLS);
    try {
      return acls.openConnection() instanceof JarURLConnection jar
          ? inJar(Path.of(jar.getJarFileURL().toURI()))
          : in(Path.of(acls.toURI()).resolveSibling(""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The names of all topics. */
  public List<String> names() {
    return topics.stream().map(TopicSpec::name).toList();
  }

  /** The names of the topics that a role writes or reads. */
  public List<String> names(Role role) {
    return topics.stream()
        .filter(topic -> topic.producers().contains(role) || topic.consumers().contains(role))
        .map(TopicSpec::name)
        .toList();
  }

  /** Whether a topic's partitions correspond with those of others. */
  public boolean isCopartitioned(String name) {
    return topics.stream()
        .anyMatch(topic -> topic.name().equals(name) && topic.sizing() == Sizing.COPARTITIONED);
  }

  /** The clean-up policy that a topic must have; empty where any will do. */
  Optional<String> cleanup(String name) {
    return topics.stream()
        .filter(topic -> topic.name().equals(name))
        .findFirst()
        .map(topic -> topic.configuration().get(TopicConfig.CLEANUP_POLICY_CONFIG));
  }

  static TopicCatalog inJar(Path jar) throws IOException {
    try (FileSystem files = FileSystems.newFileSystem(jar)) {
      return in(files.getPath(FOLDER));
    }
  }

  private static TopicCatalog in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return new TopicCatalog(files.filter(TopicCatalog::isTopic).map(TopicCatalog::read).toList());
    }
  }

  private static boolean isTopic(Path file) {
    return file.toString().endsWith(".yaml") && !file.endsWith(ACLS);
  }

  private static TopicSpec read(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      return YAML.readValue(reader, TopicSpec.class);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
