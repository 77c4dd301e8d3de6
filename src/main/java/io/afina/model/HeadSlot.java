package io.afina.model;

import io.afina.label.LabelTable;
import io.afina.model.HeadRefusedException.Refusal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Holds the head that answers and its challenger, and swaps them. A new one is read, checked and
 * warmed aside, and takes the place by the exchange of one reference: a record in flight ends with
 * the heads that it began with, and a bad head leaves the old one in place. Each backbone that is
 * loaded has heads of its own: what one embedded before another took over is scored by its heads.
 * Any number of threads may read; one thread at a time changes the heads.
 */
public final class HeadSlot {

  private final AtomicReference<Places> current;
  private final TrustedKeys trusted;

  /** The heads on a backbone's embeddings, and the length of these. */
  private record Place(int embeddingSize, HeadPair heads) {}

  /**
   * All places of one moment.
   *
   * @param answering the backbone of the head that answers
   * @param places by backbone
   * @param labels what the heads' labels are called
   */
  private record Places(String answering, Map<String, Place> places, LabelTable labels) {

    Places called(LabelTable table) {
      Map<String, Place> all = new HashMap<>();
      places.forEach(
          (backbone, place) ->
              all.put(backbone, new Place(place.embeddingSize(), place.heads().called(table))));
      return new Places(answering, Map.copyOf(all), table);
    }

    Places with(String backbone, Place place) {
      Map<String, Place> all = new HashMap<>(places);
      all.put(backbone, place);
      return new Places(answering, Map.copyOf(all), labels);
    }

    Places without(String backbone) {
      Map<String, Place> all = new HashMap<>(places);
      all.remove(backbone);
      return new Places(answering, Map.copyOf(all), labels);
    }

    Places answeredBy(String backbone) {
      return new Places(backbone, places, labels);
    }

    HeadPair heads(String backbone) {
      Place place = places.get(backbone);
      return place == null ? HeadPair.NONE : place.heads();
    }

    HeadPair heads() {
      return heads(answering);
    }

    Places with(String backbone, HeadPair heads) {
      Place place = Objects.requireNonNull(places.get(backbone), "not loaded");
      return with(backbone, new Place(place.embeddingSize(), heads));
    }
  }

  /**
   * A slot without heads.
   *
   * @param backbone identity of the backbone that embeds until there is a head
   * @param embeddingSize the length of its embeddings
   * @param trusted whose signatures the heads must bear
   */
  public HeadSlot(String backbone, int embeddingSize, TrustedKeys trusted) {
    this.trusted = trusted;
    Place place = new Place(embeddingSize, HeadPair.NONE);
    current =
        new AtomicReference<>(new Places(backbone, Map.of(backbone, place), LabelTable.EMPTY));
  }

  /** Both heads that answer at one moment: whoever scores a record with both asks once. */
  public HeadPair heads() {
    return places().heads();
  }

  /** Both heads that score what a backbone embedded; none once it is unloaded. */
  public HeadPair heads(String backbone) {
    return places().heads(backbone);
  }

  /** The head that answers, or empty before there is one. */
  public Optional<Head> head() {
    return heads().champion();
  }

  /** The head that scores silently, or empty when there is none. */
  public Optional<Head> challenger() {
    return heads().challenger();
  }

  /** The backbone of the head that answers; before there is one, that which embeds. */
  public String answering() {
    return places().answering();
  }

  /** Takes heads of one backbone more; false when it does already. */
  public boolean load(String backbone, int embeddingSize) {
    if (places().places().containsKey(backbone)) {
      return false;
    }
    current.updateAndGet(now -> now.with(backbone, new Place(embeddingSize, HeadPair.NONE)));
    return true;
  }

  /**
   * Gives up a backbone's heads.
   *
   * @throws IllegalArgumentException when one of them answers
   */
  public void unload(String backbone) {
    if (answering().equals(backbone)) {
      throw new IllegalArgumentException("a head of the backbone %s answers".formatted(backbone));
    }
    current.updateAndGet(now -> now.without(backbone));
  }

  /**
   * Puts the head in a blob in place, and with it its backbone, or says why not. If it was the
   * challenger, it is so no longer from the same moment on.
   */
  public SwapResult swap(long version, byte[] blob) {
    return put(
        version,
        blob,
        places().places(),
        HeadPair::champion,
        (now, head) -> {
          String backbone = head.card().backbone();
          return now.with(backbone, now.heads(backbone).withChampion(head)).answeredBy(backbone);
        });
  }

  /**
   * Lets the head in a blob score silently what the champion scores, or says why not; the one
   * before then still does.
   */
  public SwapResult challenge(long version, byte[] blob) {
    Places before = places();
    return put(
        version,
        blob,
        Map.of(before.answering(), Objects.requireNonNull(before.places().get(before.answering()))),
        HeadPair::challenger,
        (now, head) -> now.with(now.answering(), now.heads().withChallenger(Optional.of(head))));
  }

  /** Calls the labels of all heads as a table says, from now on; for any thread. */
  public void called(LabelTable table) {
    current.updateAndGet(now -> now.called(table));
  }

  /** Corrects the thresholds of the head that answers, if it is of this version. */
  public void correct(long version, double doubt) {
    current.updateAndGet(
        now ->
            now.heads()
                .champion()
                .filter(head -> head.version() == version)
                .map(
                    head ->
                        now.with(now.answering(), now.heads().withChampion(head.corrected(doubt))))
                .orElse(now));
  }

  /** Lets no head score silently. */
  public void dismissChallenger() {
    current.updateAndGet(
        now -> now.with(now.answering(), now.heads().withChallenger(Optional.empty())));
  }

  private Places places() {
    return Objects.requireNonNull(current.get());
  }

  private SwapResult put(
      long version,
      byte[] blob,
      Map<String, Place> takes,
      Function<HeadPair, Optional<Head>> place,
      BiFunction<Places, Head, Places> exchange) {
    long start = System.nanoTime();
    try {
      Head head = check(version, HeadFile.read(blob, trusted), takes);
      head.score(new float[head.card().inputs()]);
      Places before = current.getAndUpdate(now -> exchange.apply(now, head.called(now.labels())));
      return new SwapResult.Swapped(
          place.apply(before.heads()).map(Head::version).orElse(null),
          head,
          Duration.ofNanos(System.nanoTime() - start));
    } catch (HeadRefusedException e) {
      return new SwapResult.Refused(version, e.reason(), e.why());
    }
  }

  private static Head check(long version, Head head, Map<String, Place> takes)
      throws HeadRefusedException {
    HeadCard card = head.card();
    if (card.version() != version) {
      throw new HeadRefusedException(
          Refusal.WRONG_VERSION,
          "the head under version %d calls itself %d".formatted(version, card.version()));
    }
    Place place = takes.get(card.backbone());
    if (place == null) {
      throw new HeadRefusedException(
          Refusal.WRONG_BACKBONE,
          "head %d needs backbone %.12s, this classifier runs %s: start it with that backbone, or promote a head of its own"
              .formatted(version, card.backbone(), names(takes)));
    }
    if (card.inputs() != place.embeddingSize()) {
      throw new HeadRefusedException(
          Refusal.WRONG_SHAPE,
          "head %d takes %d numbers, the embedding has %d"
              .formatted(version, card.inputs(), place.embeddingSize()));
    }
    return head;
  }

  private static String names(Map<String, Place> backbones) {
    return backbones.keySet().stream()
        .map("%.12s"::formatted)
        .sorted()
        .collect(Collectors.joining(" and "));
  }
}
