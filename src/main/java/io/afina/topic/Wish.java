package io.afina.topic;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks for beyond the files.
 *
 * @param partitions of the co-partitioned topics when they are made, or null for what the files say
 * @param applicationId of the classifiers: names their group and begins their internal topics
 * @param prune internal topics to delete
 */
public record Wish(@Nullable Integer partitions, String applicationId, Set<String> prune) {

  public Wish {
    prune = Set.copyOf(prune);
  }

  /** Nothing beyond the files. */
  public static Wish none(String applicationId) {
    return new Wish(null, applicationId, Set.of());
  }
}
