package io.afina.topic;

import com.fasterxml.jackson.core.type.TypeReference;
import io.afina.config.AfinaConfig;
import io.afina.topic.TopicSpec.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * The access rules of each role on a cluster with an authorizer, as {@code topics/acls.yaml} says.
 *
 * @param roles every role with what it needs
 */
public record Acls(Map<Role, Grants> roles) {

  private static final String ANY_HOST = "*";
  private static final String PREFIX = "*";

  public Acls {
    roles = Map.copyOf(roles);
  }

  /** Reads the file that this program was packed with, with the names that are configured. */
  public static Acls load(AfinaConfig config) {
    Map<String, String> configured =
        Map.of(
            "${classifier.applicationId}", config.classifier().applicationId(),
            "${trainer.group}", config.trainer().group(),
            "${labelling.group}", config.labelling().group());
    UnaryOperator<String> naming = name -> named(name, configured, config.topics().prefix());
    Map<Role, Grants> roles = new EnumMap<>(Role.class);
    read().forEach((role, grants) -> roles.put(role, grants.named(naming)));
    return new Acls(roles);
  }

  /** The rules that let a principal be a role. */
  public List<AclBinding> of(Role role, Principal principal) {
    return grants(role).bindings(principal);
  }

  /** The grants of a role. */
  public Grants grants(Role role) {
    return Objects.requireNonNull(roles.get(role), role::name);
  }

  /** What is configured is whole; any other name is that of a topic, or like one. */
  private static String named(String name, Map<String, String> configured, String prefix) {
    for (Map.Entry<String, String> entry : configured.entrySet()) {
      if (name.startsWith(entry.getKey())) {
        return entry.getValue() + name.substring(entry.getKey().length());
      }
    }
    return prefix + name;
  }

  private static Map<Role, Grants> read() {
    String resource = "/" + TopicCatalog.FOLDER + "/" + TopicCatalog.ACLS;
    try (InputStream file =
        Objects.requireNonNull(Acls.class.getResourceAsStream(resource), resource)) {
      return TopicCatalog.YAML.readValue(file, new TypeReference<Map<Role, Grants>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource + ": " + e.getMessage(), e);
    }
  }

  /**
   * Kafka's operations by the names that they are allowed on; a name that ends in {@code *} is a
   * prefix.
   */
  public record Grants(
      Map<String, List<String>> topics,
      Map<String, List<String>> groups,
      Map<String, List<String>> transactionalIds) {

    public Grants {
      topics = topics == null ? Map.of() : new TreeMap<>(topics);
      groups = groups == null ? Map.of() : new TreeMap<>(groups);
      transactionalIds = transactionalIds == null ? Map.of() : new TreeMap<>(transactionalIds);
    }

    private Grants named(UnaryOperator<String> naming) {
      return new Grants(
          named(topics, naming), named(groups, naming), named(transactionalIds, naming));
    }

    private static Map<String, List<String>> named(
        Map<String, List<String>> grants, UnaryOperator<String> naming) {
      Map<String, List<String>> named = new LinkedHashMap<>();
      grants.forEach((name, operations) -> named.put(naming.apply(name), operations));
      return named;
    }

    private List<AclBinding> bindings(Principal principal) {
      return Stream.of(
              bindings(ResourceType.TOPIC, topics, principal),
              bindings(ResourceType.GROUP, groups, principal),
              bindings(ResourceType.TRANSACTIONAL_ID, transactionalIds, principal))
          .flatMap(bindings -> bindings)
          .toList();
    }

    private static Stream<AclBinding> bindings(
        ResourceType type, Map<String, List<String>> grants, Principal principal) {
      return grants.entrySet().stream()
          .flatMap(
              entry ->
                  entry.getValue().stream()
                      .map(
                          operation ->
                              new AclBinding(
                                  pattern(type, entry.getKey()), allow(principal, operation))));
    }

    private static ResourcePattern pattern(ResourceType type, String name) {
      return name.endsWith(PREFIX)
          ? new ResourcePattern(
              type, name.substring(0, name.length() - PREFIX.length()), PatternType.PREFIXED)
          : new ResourcePattern(type, name, PatternType.LITERAL);
    }

    private static AccessControlEntry allow(Principal principal, String operation) {
      return new AccessControlEntry(
          principal.text(), ANY_HOST, operation(operation), AclPermissionType.ALLOW);
    }

    /** {@code DescribeConfigs}, as Kafka's tools write it. */
    private static AclOperation operation(String name) {
      AclOperation operation =
          AclOperation.fromString(
              name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT));
      if (operation.isUnknown()) {
        throw new IllegalArgumentException(TopicCatalog.ACLS + " names no operation " + name);
      }
      return operation;
    }
  }

  /**
   * Who is allowed something, such as {@code User:mia} or {@code User:CN=classifier,O=Example}.
   *
   * @param text type and name, as Kafka writes it
   */
  public record Principal(String text) {

    public Principal {
      if (!text.matches("[A-Za-z]+:.+") || text.endsWith(":*")) {
        throw new IllegalArgumentException(
            "%s is no principal: it must be Type:name, such as User:classifier, and not everybody"
                .formatted(text));
      }
    }
  }
}
