package io.afina.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Topics;
import io.afina.topic.Acls;
import io.afina.topic.TopicCatalog;
import io.afina.topic.TopicSpec;
import io.afina.topic.TopicSpec.Role;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserAuthorizationSimple;
import io.strimzi.api.kafka.model.user.acl.AclRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.resource.PatternType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the chart says of topics, access, alerts and settings is what the program says of them. */
class ChartSourcesTest {

  private static final String STRIMZI =
      """
      strimzi: {topics: true, users: true}
      config:
        topics: {prefix: team-a.}
        classifier: {applicationId: "${topics.prefix}pets"}
        pictures: {maxBytes: 20000000}
      """;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  @Test
  void shouldConfigureTheProgram() throws IOException {
    // when
    AfinaConfig config = config(Chart.render(STRIMZI));

    // then
    assertThat(config.kafka()).containsEntry("bootstrap.servers", "kafka:9092");
    assertThat(config.management().port()).isEqualTo(9400);
    assertThat(config.pictures().maxBytes()).isEqualTo(20_000_000);
    assertThat(config.classifier().applicationId()).isEqualTo("team-a.pets");
  }

  @Test
  void shouldMakeTheTopicsThatTheProgramWants() {
    // when
    Map<String, String> made =
        Chart.render(STRIMZI)
            .all(KafkaTopic.class)
            .map(KafkaTopic::getSpec)
            .collect(
                Collectors.toMap(
                    topic -> topic.getTopicName(),
                    topic -> topic.getPartitions() + " " + text(topic.getConfig())));

    // then
    Map<String, String> wanted =
        TopicCatalog.load(new Topics("team-a.")).topics().stream()
            .collect(
                Collectors.toMap(
                    TopicSpec::name,
                    topic -> topic.partitions() + " " + text(topic.configuration())));
    assertThat(made).isEqualTo(wanted);
  }

  @Test
  void shouldLetEachRoleDoWhatTheProgramLetsIt() throws IOException {
    // given
    Chart chart = Chart.render(STRIMZI);
    Acls acls = Acls.load(config(chart));
    Map<Role, List<Role>> users =
        Stream.of(Role.values())
            .filter(role -> role != Role.REVIEWER)
            .collect(
                Collectors.toMap(
                    role -> role,
                    role -> role == Role.LABELLING ? List.of(role, Role.REVIEWER) : List.of(role)));

    // then
    assertThat(chart.all(KafkaUser.class)).hasSameSizeAs(users.keySet());
    users.forEach(
        (role, roles) -> {
          String name = "afina-" + role.name().toLowerCase(Locale.ROOT);
          Set<String> wanted = new TreeSet<>();
          for (Role one : roles) {
            acls.of(one, new Acls.Principal("User:" + name)).forEach(it -> wanted.add(text(it)));
          }
          assertThat(rules(chart.get(KafkaUser.class, name))).as(name).isEqualTo(wanted);
        });
  }

  @Test
  void shouldTakeThePasswordFromStrimzisSecret() throws IOException {
    // given
    ConfigMap map = Chart.render(STRIMZI).get(ConfigMap.class, "afina");
    Files.writeString(folder.resolve("sasl.jaas.config"), "a.Module required password=\"secret\";");
    String properties =
        map.getData().get("strimzi.properties").replace("/etc/afina/kafka:", folder + ":");
    Path file = Files.writeString(folder.resolve("client.properties"), properties);

    // when
    Map<String, Object> kafka =
        new TreeMap<>(ConfigLoader.defaults().kafkaProperties(file).load().kafka());
    kafka.put("key.deserializer", "org.apache.kafka.common.serialization.BytesDeserializer");
    kafka.put("value.deserializer", "org.apache.kafka.common.serialization.BytesDeserializer");

    // then
    assertThat(new ConsumerConfig(kafka).getPassword("sasl.jaas.config").value())
        .contains("secret");
  }

  @Test
  void shouldCarryTheAlertsAndDashboardsOfTheRepository() throws IOException {
    // when
    Chart chart = Chart.render("monitoring: {enabled: true}");

    // then
    ArrayNode groups = JSON.createArrayNode();
    for (String file : List.of("recording.yaml", "alerts.yaml")) {
      Path rules = Path.of("monitoring", "prometheus", file);
      new YAMLMapper().readTree(rules.toFile()).get("groups").forEach(groups::add);
    }
    JsonNode spec =
        JSON.valueToTree(chart.get(PrometheusRule.class, "afina").getSpec().getGroups());
    assertThat(spec).isEqualTo(groups);
    for (String name : List.of("stream", "learning", "labels")) {
      String file = "afina-%s.json".formatted(name);
      assertThat(chart.get(ConfigMap.class, "afina-%s-dashboard".formatted(name)).getData())
          .containsEntry(
              file, Files.readString(Path.of("monitoring", "grafana", "dashboards", file)));
    }
  }

  @Test
  void shouldAskForTheSecretsOfRoles() {
    // when
    Chart chart = Chart.render("kafka: {secrets: {trainer: trainer-kafka}}");

    // then
    var pod = chart.get(Deployment.class, "afina-trainer").getSpec().getTemplate().getSpec();
    assertThat(pod.getContainers().get(0).getArgs())
        .contains("--command-config=/etc/afina/kafka/client.properties");
    assertThat(pod.getVolumes())
        .filteredOn(volume -> volume.getSecret() != null)
        .singleElement()
        .satisfies(it -> assertThat(it.getSecret().getSecretName()).isEqualTo("trainer-kafka"));
  }

  private AfinaConfig config(Chart chart) throws IOException {
    String text = chart.get(ConfigMap.class, "afina").getData().get("afina.yaml");
    return ConfigLoader.defaults()
        .file(Files.writeString(folder.resolve("afina.yaml"), text))
        .load();
  }

  private static String text(Map<String, ?> configuration) {
    Map<String, String> texts = new TreeMap<>();
    configuration.forEach((key, value) -> texts.put(key, value.toString()));
    return texts.toString();
  }

  private static Set<String> rules(KafkaUser user) {
    return ((KafkaUserAuthorizationSimple) user.getSpec().getAuthorization())
        .getAcls().stream()
            .flatMap(ChartSourcesTest::rules)
            .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> rules(AclRule rule) {
    JsonNode resource = JSON.valueToTree(rule).get("resource");
    return rule.getOperations().stream()
        .map(
            operation ->
                String.join(
                    " ",
                    resource.get("type").asText().toLowerCase(Locale.ROOT),
                    resource.get("name").asText(),
                    resource.path("patternType").asText("literal"),
                    operation.toValue().toLowerCase(Locale.ROOT)));
  }

  private static String text(AclBinding rule) {
    return String.join(
        " ",
        rule.pattern().resourceType().name().toLowerCase(Locale.ROOT).replace("_", ""),
        rule.pattern().name(),
        rule.pattern().patternType() == PatternType.PREFIXED ? "prefix" : "literal",
        rule.entry().operation().name().toLowerCase(Locale.ROOT).replace("_", ""));
  }
}
