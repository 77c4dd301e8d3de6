package io.afina.trainer;

import io.afina.config.AfinaConfig;
import io.afina.kafka.ClassifierMembers;
import io.afina.kafka.ClusterCalls;
import io.afina.kafka.GroupProgress;
import io.afina.lifecycle.AfinaException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the cluster how far the classifiers are with another backbone. Connects when it is asked
 * first. For one thread.
 */
final class UpgradeReadiness implements AutoCloseable {

  private final AfinaConfig config;
  private @Nullable ClusterCalls cluster;
  private @Nullable ClassifierMembers members;

  /** The records of {@code pictures} when this was asked last; negative before. */
  private long pictures = -1;

  UpgradeReadiness(AfinaConfig config) {
    this.config = config;
  }

  /**
   * Why classifiers do not have it loaded, by their names; empty when all have.
   *
   * @throws AfinaException when the cluster does not answer or refuses
   */
  Map<String, String> without(String backbone) {
    if (members == null) {
      members = new ClassifierMembers(config);
    }
    return members.without(backbone);
  }

  /**
   * Whether all kept pictures are embedded that were there when this was asked last: what they
   * became is then on its way to {@code training}, or there.
   *
   * @throws AfinaException when the cluster does not answer or refuses
   */
  boolean hasCaughtUp(String backbone) {
    if (cluster == null) {
      cluster = ClusterCalls.connect(Map.copyOf(config.kafka()));
    }
    String group = "%s-embed-%.12s".formatted(config.classifier().applicationId(), backbone);
    Optional<GroupProgress> now =
        GroupProgress.of(cluster, group, config.topics().pictures().name());
    long before = pictures;
    pictures = now.map(GroupProgress::all).orElse(-1L);
    return before >= 0 && now.filter(progress -> progress.done() >= before).isPresent();
  }

  /** Disconnects, and forgets what was asked. */
  @Override
  public void close() {
    pictures = -1;
    if (members != null) {
      members.close();
      members = null;
    }
    if (cluster != null) {
      cluster.close();
      cluster = null;
    }
  }
}
