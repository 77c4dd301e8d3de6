package io.afina.trainer.data;

import io.afina.event.TrainingExample.Vote;
import java.util.List;
import java.util.Map;

/**
 * A training example as the dataset keeps it.
 *
 * @param partition of {@code training} where it stands, and {@code offset} there
 * @param arrived counts the changes of the dataset
 * @param slot of its embedding in {@link EmbeddingBlocks}
 * @param audited whether the image was sent to review by the random sample
 * @param decided whether enough labellers agree; if not, the label is the last one given, and it is
 *     left out of training
 * @param votes of all labellers, where there are several
 */
public record Example(
    String id,
    String label,
    String backbone,
    int partition,
    long offset,
    long arrived,
    int slot,
    boolean audited,
    boolean decided,
    List<Vote> votes) {

  /** Whether it stands before these offsets, by partition. */
  boolean isBefore(Map<Integer, Long> offsets) {
    return offset < offsets.getOrDefault(partition, 0L);
  }
}
