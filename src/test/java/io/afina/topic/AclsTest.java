package io.afina.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.topic.TopicSpec.Role;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AclsTest {

  private final TopicCatalog catalog = TopicCatalog.load();
  private final AfinaConfig config = ConfigLoader.defaults().load();
  private JsonNode acls;

  @BeforeEach
  void read() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(getClass().getResourceAsStream("/topics/acls.yaml"))) {
      acls = new YAMLMapper().readTree(file);
    }
  }

  @Test
  void shouldLetEveryRoleWriteWhatItProducesAndReadWhatItConsumesAndNothingElse() {
    for (Role role : Role.values()) {
      for (TopicSpec topic : catalog.topics()) {
        List<String> operations = operations(role, topic.name());
        assertThat(operations.contains("Write"))
            .as("%s writes %s", role, topic.name())
            .isEqualTo(topic.producers().contains(role));
        assertThat(operations.contains("Read"))
            .as("%s reads %s", role, topic.name())
            .isEqualTo(topic.consumers().contains(role));
      }
    }
  }

  @Test
  void shouldNameOnlyRolesTopicsAndOperationsThatExist() {
    // given
    var topics = new TreeSet<>(catalog.names());
    topics.add(config.classifier().applicationId() + "-*");

    // then
    assertThat(acls.properties()).hasSameSizeAs(Role.values());
    for (Role role : Role.values()) {
      for (Map.Entry<String, JsonNode> topic : acls(role).get("topics").properties()) {
        assertThat(topics).contains(topic.getKey());
        assertThat(operations(role, topic.getKey()))
            .allSatisfy(
                name -> assertThat(AclOperation.fromString(snake(name)).isUnknown()).isFalse());
      }
    }
  }

  @Test
  void shouldNameTheGroupsAndTransactionsOfTheConfiguration() {
    assertThat(acls(Role.CLASSIFIER).get("groups").has(config.classifier().applicationId()))
        .isTrue();
    assertThat(
            acls(Role.CLASSIFIER)
                .get("transactionalIds")
                .has(config.classifier().applicationId() + "-*"))
        .isTrue();
    assertThat(acls(Role.TRAINER).get("groups").has(config.trainer().group())).isTrue();
    assertThat(acls(Role.TRAINER).get("transactionalIds").has(config.trainer().group())).isTrue();
    assertThat(acls(Role.LABELLER).get("groups").has(config.labelling().group())).isTrue();
    assertThat(acls(Role.OPERATOR).get("transactionalIds").has("afina-dead-letters")).isTrue();
  }

  private JsonNode acls(Role role) {
    return acls.get(role.name().toLowerCase(Locale.ROOT));
  }

  private List<String> operations(Role role, String topic) {
    List<String> operations = new ArrayList<>();
    acls(role).get("topics").path(topic).forEach(name -> operations.add(name.asText()));
    return operations;
  }

  private static String snake(String operation) {
    return operation.replaceAll("(?<=[a-z])(?=[A-Z])", "_");
  }
}
