package io.afina.labelling;

import io.afina.event.Correction;
import io.afina.event.RecordId;
import io.afina.http.Problem;
import io.afina.labelling.feed.PictureSource;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.Claim;
import io.afina.labelling.queue.LastCorrection;
import io.afina.labelling.queue.Leased;
import io.afina.labelling.queue.QueuedItem;
import io.afina.labelling.queue.ReviewQueue;
import io.afina.metrics.LabellingMeters;
import io.afina.metrics.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Leases review items to labellers, sends their answers to {@code corrections} and takes the last
 * ones back on demand. Safe for any thread.
 */
public final class LabellingService {

  private static final int MOST_UNDO = 50;
  private static final int MOST_LABELLERS = 10_000;

  private final ReviewQueue queue;
  private final AnswerIndex answers;
  private final CorrectionSender corrections;
  private final PictureSource pictures;
  private final BooleanSupplier current;
  private final Runnable changed;
  private final LabellingMeters meters;
  private final Tracer tracer;
  private final InstantSource clock;
  private final Map<String, Deque<Given>> given =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Given>> eldest) {
          return size() > MOST_LABELLERS;
        }
      };

  /** An answer that can be undone, and what the labeller said of the image before. */
  private record Given(QueuedItem item, String label, @Nullable LastCorrection before) {}

  /**
   * A service over the queue of this instance.
   *
   * @param current whether this instance may take answers
   * @param changed told after every change
   */
  public LabellingService(
      ReviewQueue queue,
      AnswerIndex answers,
      CorrectionSender corrections,
      PictureSource pictures,
      BooleanSupplier current,
      Runnable changed,
      LabellingMeters meters,
      Tracer tracer,
      InstantSource clock) {
    this.queue = queue;
    this.answers = answers;
    this.corrections = corrections;
    this.pictures = pictures;
    this.current = current;
    this.changed = changed;
    this.meters = meters;
    this.tracer = tracer;
    this.clock = clock;
  }

  /** Leases items to a page, and begins to read their pictures from Kafka. */
  public Leased take(String labeller, String page, int count, Set<RecordId> have) {
    Leased leased = queue.lease(labeller, page, count, have);
    leased.items().forEach(this::prefetch);
    changed.run();
    return leased;
  }

  /**
   * Stores what a labeller says.
   *
   * @throws Problem when the item is another's, was answered, or Kafka does not take the answer
   */
  public void answer(String labeller, RecordId id, String label, @Nullable String note) {
    QueuedItem item = claim(labeller, id);
    LastCorrection before =
        answers.answer(item.image()).filter(a -> labeller.equals(a.labeller())).orElse(null);
    long offset;
    try {
      offset =
          send(
              item, new Correction(label, labeller, clock.instant(), note, item.review().reason()));
    } catch (RuntimeException e) {
      queue.failed(item, labeller);
      throw e;
    }
    queue.answered(item, labeller, offset);
    meters.answered("label");
    remember(labeller, new Given(item, label.strip(), before));
    changed.run();
  }

  /**
   * Gives an item of a labeller who does not say to others.
   *
   * @throws Problem when the labeller has no such item
   */
  public void pass(String labeller, RecordId id, boolean unsure) {
    if (!queue.pass(id, labeller, unsure)) {
      throw gone();
    }
    meters.answered(unsure ? "unsure" : "skip");
    changed.run();
  }

  /** What was taken back: the label, and the item if it is shown again. */
  public record Undone(String image, String label, @Nullable QueuedItem item) {}

  /**
   * Takes the last answer of a labeller back: what the labeller said before is said again, or
   * nothing.
   *
   * @throws Problem when there is none to undo
   */
  public Undone undo(String labeller, String page) {
    requireCurrent();
    Given last = lastGiven(labeller);
    LastCorrection before = last.before();
    String image = last.item().image();
    try {
      long offset =
          send(
              last.item(),
              before == null
                  ? null
                  : new Correction(before.label(), labeller, clock.instant(), null));
      meters.answered("undo");
      boolean back = queue.restore(last.item(), labeller, page, offset);
      changed.run();
      return new Undone(image, last.label(), back ? last.item() : null);
    } catch (RuntimeException e) {
      remember(labeller, last);
      throw e;
    }
  }

  /** Sends it in the trace of the image. */
  private long send(QueuedItem item, @Nullable Correction correction) {
    Span span =
        tracer
            .spanBuilder("answer")
            .setSpanKind(SpanKind.PRODUCER)
            .setParent(Traces.under(item.trace()))
            .setAttribute("afina.reason", item.review().reason().text())
            .startSpan();
    return Traces.in(span, () -> corrections.send(item.image(), correction));
  }

  private QueuedItem claim(String labeller, RecordId id) {
    requireCurrent();
    Claim claim = queue.claim(id, labeller);
    if (claim instanceof Claim.Granted granted) {
      return granted.item();
    }
    throw claim instanceof Claim.Taken
        ? Problem.of(409, "taken", "another labeller has this picture now")
        : claim instanceof Claim.Answered
            ? Problem.of(
                409, "answered", "you have answered this picture already: undo takes it back")
            : gone();
  }

  private void requireCurrent() {
    if (!current.getAsBoolean()) {
      throw Problem.later(
          503, "out-of-touch", "this server has lost touch with Kafka: wait a moment", 2);
    }
  }

  private void prefetch(QueuedItem item) {
    var position = item.review().prediction().image();
    // What fails is told when the picture is asked for.
    var unused =
        pictures
            .prefetch(new RecordId(position.partition(), position.offset()))
            .whenComplete(
                (picture, failure) -> {
                  if (failure == null && picture.isEmpty()) {
                    queue.drop(item.id());
                  }
                });
  }

  private synchronized void remember(String labeller, Given answer) {
    Deque<Given> mine = given.computeIfAbsent(labeller, name -> new ArrayDeque<>());
    mine.addLast(answer);
    if (mine.size() > MOST_UNDO) {
      mine.removeFirst();
    }
  }

  private synchronized Given lastGiven(String labeller) {
    return Optional.ofNullable(given.get(labeller))
        .map(Deque::pollLast)
        .orElseThrow(() -> Problem.of(409, "nothing-to-undo", "there is no answer to undo"));
  }

  private static Problem gone() {
    return Problem.of(
        409, "gone", "this picture is not yours any more: it was answered, or given to others");
  }
}
