package io.afina.topic;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.topic.Acls.Grants;
import io.afina.topic.Acls.Principal;
import io.afina.topic.TopicSpec.Role;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AclsTest {

  private static final Principal MIA = new Principal("User:mia");

  private final TopicCatalog catalog = TopicCatalog.load(TOPICS);
  private final AfinaConfig config = ConfigLoader.defaults().load();
  private final Acls acls = Acls.load(config);

  @ParameterizedTest
  @EnumSource
  void shouldLetEveryRoleWriteWhatItProducesAndReadWhatItConsumesAndNothingElse(Role role) {
    for (TopicSpec topic : catalog.topics()) {
      assertThat(allowed(role, ResourceType.TOPIC, topic.name(), AclOperation.WRITE))
          .as("%s writes %s", role, topic.name())
          .isEqualTo(topic.producers().contains(role));
      assertThat(allowed(role, ResourceType.TOPIC, topic.name(), AclOperation.READ))
          .as("%s reads %s", role, topic.name())
          .isEqualTo(topic.consumers().contains(role));
    }
  }

  @Test
  void shouldLetALabellerNeitherReadHeadsNorWriteExamples() {
    assertThat(acls.of(Role.LABELLER, MIA))
        .noneMatch(rule -> Set.of("models", "training").contains(rule.pattern().name()));
  }

  @ParameterizedTest
  @EnumSource
  void shouldNameWholeNamesExceptWhereKafkaStreamsAddsSomethingRandom(Role role) {
    // given
    Set<String> topics = new HashSet<>(catalog.names());
    String application = config.classifier().applicationId();

    // then
    assertThat(acls.of(role, MIA))
        .allSatisfy(
            rule -> {
              assertThat(rule.entry().principal()).isEqualTo("User:mia");
              if (rule.pattern().patternType() == PatternType.PREFIXED) {
                assertThat(rule.pattern().name()).isEqualTo(application + "-");
                assertThat(
                        rule.pattern().resourceType() == ResourceType.TOPIC
                            && role != Role.OPERATOR)
                    .isFalse();
              } else if (rule.pattern().resourceType() == ResourceType.TOPIC) {
                assertThat(
                        topics.contains(rule.pattern().name())
                            || rule.pattern().name().startsWith(application))
                    .as(rule.toString())
                    .isTrue();
              }
            });
  }

  @Test
  void shouldNameTheGroupsAndTransactionsThatAreConfigured() {
    // given
    Acls other =
        Acls.load(
            ConfigLoader.defaults()
                .set("classifier.applicationId", "bees")
                .set("trainer.group", "teachers")
                .set("labelling.group", "askers")
                .load());

    // then
    Grants classifier = other.grants(Role.CLASSIFIER);
    assertThat(classifier.groups()).containsOnlyKeys("bees", "bees-*");
    assertThat(classifier.transactionalIds()).containsOnlyKeys("bees-*");
    assertThat(classifier.topics()).containsKey("bees-embeddings-changelog");
    assertThat(other.grants(Role.TRAINER).groups()).containsOnlyKeys("teachers", "bees", "bees-*");
    assertThat(other.grants(Role.TRAINER).transactionalIds())
        .containsOnlyKeys("teachers", "teachers-labels");
    assertThat(other.grants(Role.REVIEWER).transactionalIds())
        .containsOnlyKeys("teachers", "teachers-labels");
    assertThat(other.grants(Role.LABELLING).groups()).containsOnlyKeys("askers");
    assertThat(other.roles().values().toString()).doesNotContain("$");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.", "a.b.", "a", "ab", "afina-", "x-afina-"})
  void shouldCoverNothingOfAnotherInstallation(String prefix) {
    // given
    List<ResourcePattern> own = patterns(prefix);
    List<ResourcePattern> others =
        Stream.of("", "a.", "a.b.", "a", "ab", "afina-", "x-afina-")
            .filter(other -> !other.equals(prefix))
            .flatMap(other -> patterns(other).stream())
            .toList();

    // then
    assertThat(own)
        .hasSameSizeAs(patterns(""))
        .allMatch(pattern -> pattern.name().startsWith(prefix))
        .noneMatch(pattern -> others.stream().anyMatch(other -> covers(pattern, other)));
  }

  /** Else two prefixes could make the same name of both. */
  @Test
  void shouldHaveNoNameThatIsTheEndOfAnother() {
    List<ResourcePattern> names = patterns("");
    assertThat(names)
        .allMatch(
            name ->
                names.stream()
                    .filter(other -> other.resourceType() == name.resourceType())
                    .filter(other -> !other.name().equals(name.name()))
                    .noneMatch(other -> other.name().endsWith(name.name())));
  }

  @Test
  void shouldMakeWhatIsMissingAndPointAtWhatIsTooMuch() {
    // given
    List<AclBinding> reviewer = acls.of(Role.REVIEWER, MIA);
    List<AclBinding> labeller = acls.of(Role.LABELLER, MIA);

    // when
    AclPlan plan = AclPlan.of(labeller, reviewer);

    // then
    assertThat(plan.missing()).containsExactlyInAnyOrderElementsOf(labeller);
    assertThat(plan.surplus()).containsExactlyInAnyOrderElementsOf(reviewer);
    assertThat(AclPlan.of(labeller, labeller).isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mia", "User:", "User:*"})
  void shouldRefuseWhatIsNobodyOrEverybody(String text) {
    assertThatThrownBy(() -> new Principal(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("User:classifier");
  }

  /** What the rules of all roles of an installation name. */
  private static List<ResourcePattern> patterns(String prefix) {
    Acls named = Acls.load(ConfigLoader.defaults().set("topics.prefix", prefix).load());
    return Stream.of(Role.values())
        .flatMap(role -> named.of(role, MIA).stream())
        .map(AclBinding::pattern)
        .distinct()
        .toList();
  }

  private static boolean covers(ResourcePattern one, ResourcePattern other) {
    return one.resourceType() == other.resourceType()
        && (one.patternType() == PatternType.PREFIXED
            ? other.name().startsWith(one.name())
            : other.name().equals(one.name()));
  }

  private boolean allowed(Role role, ResourceType type, String name, AclOperation operation) {
    return acls.of(role, MIA).stream()
        .filter(rule -> rule.entry().operation() == operation)
        .map(AclBinding::pattern)
        .anyMatch(pattern -> pattern.resourceType() == type && pattern.name().equals(name));
  }
}
