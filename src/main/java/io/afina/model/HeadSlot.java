package io.afina.model;

import io.afina.model.HeadRefusedException.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The place of the head that answers. A new one is read, checked and warmed aside, and takes the
 * place by the exchange of one reference: a record in flight ends with the head that it began with,
 * and a bad head leaves the old one in place. Any number of threads may read; one thread at a time
 * swaps.
 */
public final class HeadSlot {

  private final AtomicReference<@Nullable Head> current = new AtomicReference<>();
  private final String backbone;
  private final int embeddingSize;

  /**
   * @param backbone identity of the backbone whose embeddings the heads will score
   * @param embeddingSize their length
   */
  public HeadSlot(String backbone, int embeddingSize) {
    this.backbone = backbone;
    this.embeddingSize = embeddingSize;
  }

  /** The head that answers, or empty before there is one. */
  public Optional<Head> head() {
    return Optional.ofNullable(current.get());
  }

  /** Puts the head in a blob in place, or says why not. */
  public SwapResult swap(long version, byte[] blob) {
    long start = System.nanoTime();
    try {
      Head head = check(version, HeadFile.read(blob));
      head.score(new float[embeddingSize]);
      Head before = current.getAndSet(head);
      return new SwapResult.Swapped(
          before == null ? null : before.version(),
          head,
          Duration.ofNanos(System.nanoTime() - start));
    } catch (HeadRefusedException e) {
      return new SwapResult.Refused(version, e.reason(), e.why());
    }
  }

  private Head check(long version, Head head) throws HeadRefusedException {
    HeadCard card = head.card();
    if (card.version() != version) {
      throw new HeadRefusedException(
          Reason.WRONG_VERSION,
          "the head under version %d calls itself %d".formatted(version, card.version()));
    }
    if (!card.backbone().equals(backbone)) {
      throw new HeadRefusedException(
          Reason.WRONG_BACKBONE,
          "head %d needs backbone %.12s, this classifier runs %.12s: start it with that backbone, or promote a head of its own"
              .formatted(version, card.backbone(), backbone));
    }
    if (card.inputs() != embeddingSize) {
      throw new HeadRefusedException(
          Reason.WRONG_SHAPE,
          "head %d takes %d numbers, the embedding has %d"
              .formatted(version, card.inputs(), embeddingSize));
    }
    return head;
  }
}
