package io.afina.model;

import io.afina.model.HeadRefusedException.Refusal;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Holds the head that answers and its challenger, and swaps them. A new one is read, checked and
 * warmed aside, and takes the place by the exchange of one reference: a record in flight ends with
 * the heads that it began with, and a bad head leaves the old one in place. Any number of threads
 * may read; one thread at a time swaps.
 */
public final class HeadSlot {

  private final AtomicReference<HeadPair> current = new AtomicReference<>(HeadPair.NONE);
  private final String backbone;
  private final int embeddingSize;
  private final TrustedKeys trusted;

  /**
   * An empty slot.
   *
   * @param backbone identity of the backbone whose embeddings the heads will score
   * @param embeddingSize their length
   * @param trusted whose signatures the heads must bear
   */
  public HeadSlot(String backbone, int embeddingSize, TrustedKeys trusted) {
    this.backbone = backbone;
    this.embeddingSize = embeddingSize;
    this.trusted = trusted;
  }

  /** Both heads of one moment: whoever scores a record with both asks once. */
  public HeadPair heads() {
    return Objects.requireNonNull(current.get());
  }

  /** The head that answers, or empty before there is one. */
  public Optional<Head> head() {
    return heads().champion();
  }

  /** The head that scores silently, or empty when there is none. */
  public Optional<Head> challenger() {
    return heads().challenger();
  }

  /**
   * Puts the head in a blob in place, or says why not. If it was the challenger, it is so no longer
   * from the same moment on.
   */
  public SwapResult swap(long version, byte[] blob) {
    return put(version, blob, HeadPair::champion, HeadPair::withChampion);
  }

  /** Lets the head in a blob score silently, or says why not; the one before then still does. */
  public SwapResult challenge(long version, byte[] blob) {
    return put(
        version,
        blob,
        HeadPair::challenger,
        (pair, head) -> pair.withChallenger(Optional.of(head)));
  }

  /** Lets no head score silently. */
  public void dismissChallenger() {
    current.updateAndGet(pair -> pair.withChallenger(Optional.empty()));
  }

  private SwapResult put(
      long version,
      byte[] blob,
      Function<HeadPair, Optional<Head>> place,
      BiFunction<HeadPair, Head, HeadPair> exchange) {
    long start = System.nanoTime();
    try {
      Head head = check(version, HeadFile.read(blob, trusted));
      head.score(new float[embeddingSize]);
      HeadPair before = current.getAndUpdate(pair -> exchange.apply(pair, head));
      return new SwapResult.Swapped(
          place.apply(before).map(Head::version).orElse(null),
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
          Refusal.WRONG_VERSION,
          "the head under version %d calls itself %d".formatted(version, card.version()));
    }
    if (!card.backbone().equals(backbone)) {
      throw new HeadRefusedException(
          Refusal.WRONG_BACKBONE,
          "head %d needs backbone %.12s, this classifier runs %.12s: start it with that backbone, or promote a head of its own"
              .formatted(version, card.backbone(), backbone));
    }
    if (card.inputs() != embeddingSize) {
      throw new HeadRefusedException(
          Refusal.WRONG_SHAPE,
          "head %d takes %d numbers, the embedding has %d"
              .formatted(version, card.inputs(), embeddingSize));
    }
    return head;
  }
}
