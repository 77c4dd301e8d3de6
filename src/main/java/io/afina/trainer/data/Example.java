package io.afina.trainer.data;

import io.afina.event.TrainingExample.ImagePlace;
import io.afina.event.TrainingExample.Vote;
import io.afina.model.HeadCard;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A training example as the dataset keeps it.
 *
 * @param slots of its embeddings in {@link EmbeddingBlocks}, by backbone
 * @param partition of {@code training} where it stands, and {@code offset} there
 * @param joined when its label joined the image, if it was written again since with other
 *     embeddings; else null
 * @param arrived counts the changes of the dataset
 * @param audited whether the image was sent to review by the random sample
 * @param decided whether enough labellers agree; if not, the label is the last one given, and it is
 *     left out of training
 * @param votes of all labellers, where there are several
 * @param origin of its label
 */
public record Example(
    String id,
    String label,
    Map<String, Integer> slots,
    int partition,
    long offset,
    @Nullable Instant joined,
    long arrived,
    boolean audited,
    boolean decided,
    List<Vote> votes,
    Origin origin) {

  /**
   * Where a label and its picture came from.
   *
   * @param labeller who gave the label, if known
   * @param said when it came to the image
   * @param image where the picture is; null in examples that an older version made
   * @param checked whether somebody was shown that the label looks wrong, and said this one
   */
  public record Origin(
      @Nullable String labeller, Instant said, @Nullable ImagePlace image, boolean checked) {}

  /** Who gave its label, as far as it is known. */
  public List<String> labellers() {
    return votes.isEmpty()
        ? Stream.ofNullable(origin.labeller()).toList()
        : votes.stream()
            .filter(vote -> vote.label().equals(label))
            .map(Vote::labeller)
            .flatMap(Stream::ofNullable)
            .toList();
  }

  /** The last label that was given. */
  String last() {
    return votes.isEmpty() ? label : votes.get(votes.size() - 1).label();
  }

  /** The same with the label on which its labellers agree, if they do. */
  Example decided(Optional<String> agreed) {
    return new Example(
        id,
        agreed.orElseGet(this::last),
        slots,
        partition,
        offset,
        joined,
        arrived,
        audited,
        agreed.isPresent(),
        votes,
        origin);
  }

  boolean has(String backbone) {
    return slots.containsKey(backbone);
  }

  /**
   * Whether a head has learned it: it stood on {@code training} before the head's training began.
   * One that was written again since stands elsewhere, and only the time of its label tells.
   */
  boolean isLearnedBy(HeadCard head) {
    return offset < head.training().offsets().getOrDefault(partition, 0L)
        || (joined != null && joined.isBefore(head.begun()));
  }
}
