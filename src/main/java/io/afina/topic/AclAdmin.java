package io.afina.topic;

import io.afina.kafka.ClusterCalls;
import io.afina.lifecycle.AfinaException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourcePatternFilter;

/**
 * Compares the access rules of one cluster with those that were asked for, and creates the missing
 * ones. Whoever asks must be allowed Describe, and Alter to make them, on the cluster. Every method
 * throws {@link AfinaException} when no broker answers within 10 s or the cluster does not allow
 * it.
 */
public record AclAdmin(ClusterCalls cluster) implements AutoCloseable {

  /**
   * Connects; nothing is asked of the cluster yet.
   *
   * @param kafka settings of a Kafka client, among them {@code bootstrap.servers}
   */
  public static AclAdmin connect(Map<String, Object> kafka) {
    return new AclAdmin(ClusterCalls.connect(kafka));
  }

  /** Compares the rules of the principals that the wanted ones name. */
  public AclPlan plan(Collection<AclBinding> wanted) {
    Set<String> principals =
        wanted.stream().map(rule -> rule.entry().principal()).collect(Collectors.toSet());
    List<AclBinding> there = new ArrayList<>();
    for (String principal : principals) {
      there.addAll(cluster.await(cluster.admin().describeAcls(rulesOf(principal)).values()));
    }
    return AclPlan.of(wanted, there);
  }

  /** Makes the rules that are missing. */
  public void apply(AclPlan plan) {
    cluster.await(cluster.admin().createAcls(plan.missing()).all());
  }

  @Override
  public void close() {
    cluster.close();
  }

  private static AclBindingFilter rulesOf(String principal) {
    return new AclBindingFilter(
        ResourcePatternFilter.ANY,
        new AccessControlEntryFilter(principal, null, AclOperation.ANY, AclPermissionType.ALLOW));
  }
}
