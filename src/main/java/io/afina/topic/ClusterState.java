package io.afina.topic;

import java.util.Map;

/**
 * The state of a cluster that a plan is compared with.
 *
 * @param topics that exist, by name; of those that were asked for
 * @param classifiers how many members the group of classifiers has
 */
public record ClusterState(Map<String, ExistingTopic> topics, int classifiers) {

  public ClusterState {
    topics = Map.copyOf(topics);
  }

  /**
   * A topic as it is.
   *
   * @param configuration every setting with the value that counts, wherever it was set
   */
  public record ExistingTopic(
      String name, int partitions, int replication, Map<String, String> configuration) {

    public ExistingTopic {
      configuration = Map.copyOf(configuration);
    }
  }
}
