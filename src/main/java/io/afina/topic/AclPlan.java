package io.afina.topic;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclBinding;

/**
 * Compares the access rules of a cluster with those that were asked for; pure. Only rules of the
 * principals that were named are looked at.
 *
 * @param missing rules that are to be made
 * @param surplus rules that let these principals do more, which stay: who made them may know why
 */
public record AclPlan(List<AclBinding> missing, List<AclBinding> surplus) {

  private static final Comparator<AclBinding> ORDER =
      Comparator.comparing((AclBinding rule) -> rule.entry().principal())
          .thenComparing(rule -> rule.pattern().resourceType())
          .thenComparing(rule -> rule.pattern().name())
          .thenComparing(rule -> rule.entry().operation());

  public AclPlan {
    missing = missing.stream().sorted(ORDER).toList();
    surplus = surplus.stream().sorted(ORDER).toList();
  }

  /**
   * Compares.
   *
   * @param there every rule of the principals that the wanted rules name
   */
  public static AclPlan of(Collection<AclBinding> wanted, Collection<AclBinding> there) {
    Set<AclBinding> missing = new LinkedHashSet<>(wanted);
    missing.removeAll(Set.copyOf(there));
    Set<AclBinding> surplus = new LinkedHashSet<>(there);
    surplus.removeAll(Set.copyOf(wanted));
    return new AclPlan(List.copyOf(missing), List.copyOf(surplus));
  }

  /** Whether the rules are as they were asked for. */
  public boolean isEmpty() {
    return missing.isEmpty() && surplus.isEmpty();
  }
}
