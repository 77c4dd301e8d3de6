package io.afina.topic;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of a plan that go beyond the files.
 *
 * @param partitions of the co-partitioned topics when they are made, or null for what the files say
 * @param applicationId of the classifiers: names their group and begins their internal topics
 * @param prune internal topics to delete
 */
public record PlanRequest(@Nullable Integer partitions, String applicationId, Set<String> prune) {

  public PlanRequest {
    prune = Set.copyOf(prune);
  }

  /** Whether a topic is the changelog of a store of the classifiers. */
  boolean isChangelog(String topic) {
    return isInternal(topic, "-changelog");
  }

  /** Whether a topic carries records between the classifiers. */
  boolean isRepartition(String topic) {
    return isInternal(topic, "-repartition");
  }

  private boolean isInternal(String topic, String end) {
    return topic.startsWith(applicationId + "-") && topic.endsWith(end);
  }

  /** Nothing beyond the files. */
  public static PlanRequest none(String applicationId) {
    return new PlanRequest(null, applicationId, Set.of());
  }
}
