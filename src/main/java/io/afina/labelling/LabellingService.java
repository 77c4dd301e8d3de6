package io.afina.labelling;

import io.afina.event.Correction;
import io.afina.event.RecordId;
import io.afina.event.Withdrawal;
import io.afina.http.Problem;
import io.afina.labelling.ActionHistory.Action;
import io.afina.labelling.ActionHistory.Passed;
import io.afina.labelling.ActionHistory.Said;
import io.afina.labelling.feed.PictureSource;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.Answers.Answer;
import io.afina.labelling.queue.Claim;
import io.afina.labelling.queue.Leased;
import io.afina.labelling.queue.QueuedItem;
import io.afina.labelling.queue.ReviewQueue;
import io.afina.metrics.LabellingMeters;
import io.afina.metrics.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Leases review items to labellers, sends their answers to {@code corrections} and takes the last
 * ones back on demand. Safe for any thread.
 */
public final class LabellingService {

  /** What labellers do, as it is counted. */
  private static final String LABEL = "label";

  private static final String CHANGE = "change";
  private static final String SKIP = "skip";
  private static final String UNSURE = "unsure";

  private final ReviewQueue queue;
  private final AnswerIndex answers;
  private final CorrectionSender corrections;
  private final PictureSource pictures;
  private final BooleanSupplier current;
  private final Runnable changed;
  private final LabellingMeters meters;
  private final Tracer tracer;
  private final InstantSource clock;
  private final ActionHistory history = new ActionHistory();

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
    String before = said(labeller, item.image());
    long offset;
    try {
      Correction correction =
          new Correction(label, labeller, clock.instant(), note, item.review().reason());
      offset = inTrace(item, () -> corrections.send(item.image(), correction));
    } catch (RuntimeException e) {
      queue.failed(item, labeller);
      throw e;
    }
    queue.answered(item, labeller, offset);
    meters.answered(LABEL);
    history.did(labeller, new Said(item.image(), item, label.strip(), before));
    changed.run();
  }

  /**
   * Gives an item of a labeller who does not say to others.
   *
   * @param missing whether there is no picture to say anything of: then there is nothing to undo
   * @throws Problem when the labeller has no such item
   */
  public void pass(String labeller, RecordId id, boolean unsure, boolean missing) {
    QueuedItem item = queue.pass(id, labeller, unsure).orElseThrow(LabellingService::gone);
    if (!missing) {
      history.did(labeller, new Passed(item, unsure));
    }
    meters.answered(unsure ? UNSURE : SKIP);
    changed.run();
  }

  /** Asks a labeller again about all that he passed on, as far as it is open. */
  public void askAgain(String labeller) {
    queue.passNoMore(labeller);
    changed.run();
  }

  /**
   * What was undone.
   *
   * @param action {@code label}, {@code change}, {@code skip} or {@code unsure}
   * @param label that was given
   * @param said what the labeller says of the image now, if anything
   * @param item if the labeller has it again
   */
  public record Undone(
      String action,
      String image,
      @Nullable String label,
      @Nullable String said,
      @Nullable QueuedItem item) {}

  /** Whether a labeller has done anything that can be undone. */
  public boolean canUndo(String labeller) {
    return history.hasDone(labeller);
  }

  /**
   * Undoes the last thing that a labeller did. Of an answer, what the labeller said before is said
   * again, or nothing; what others said stays.
   *
   * @throws Problem when there is nothing to undo
   */
  public Undone undo(String labeller, String page) {
    requireCurrent();
    Action last =
        history
            .takeLast(labeller)
            .orElseThrow(() -> Problem.of(409, "nothing-to-undo", "there is nothing to undo"));
    try {
      Undone undone =
          last instanceof Said said
              ? undo(labeller, page, said)
              : undo(labeller, page, (Passed) last);
      meters.answered("undo");
      changed.run();
      return undone;
    } catch (RuntimeException e) {
      history.did(labeller, last);
      throw e;
    }
  }

  private Undone undo(String labeller, String page, Said said) {
    QueuedItem item = said.item();
    if (item == null) {
      say(labeller, said.image(), said.before());
      return new Undone(CHANGE, said.image(), said.label(), said.before(), null);
    }
    long offset = inTrace(item, () -> say(labeller, said.image(), said.before()));
    Set<String> others = new HashSet<>(answers.labellers(said.image()));
    others.remove(labeller);
    boolean back = queue.restore(item, labeller, page, others, offset);
    return new Undone(LABEL, said.image(), said.label(), said.before(), back ? item : null);
  }

  private Undone undo(String labeller, String page, Passed passed) {
    QueuedItem item = passed.item();
    boolean back = queue.passNoMore(item, labeller, page, passed.unsure());
    String action = passed.unsure() ? UNSURE : SKIP;
    String said = said(labeller, item.image());
    return new Undone(action, item.image(), null, said, back ? item : null);
  }

  /**
   * Changes what a labeller says of an image.
   *
   * @param label null takes it back
   * @param any whether it may be an image of which the labeller has said nothing yet
   * @throws Problem when it may not, or Kafka does not take it
   */
  public void change(String labeller, String image, @Nullable String label, boolean any) {
    requireCurrent();
    String before = said(labeller, image);
    if (before == null && (!any || label == null)) {
      throw Problem.of(409, "not-answered", "you have not said anything of this image");
    }
    say(labeller, image, label);
    history.did(labeller, new Said(image, null, label, before));
    meters.answered(CHANGE);
    changed.run();
  }

  /** Says what an image is; with null, that the labeller says nothing of it any more. */
  private long say(String labeller, String image, @Nullable String label) {
    Instant now = clock.instant();
    return label == null
        ? corrections.send(image, new Withdrawal(labeller, now, null))
        : corrections.send(
            image, new Correction(label, labeller, now, null, answers.reason(image).orElse(null)));
  }

  private @Nullable String said(String labeller, String image) {
    return history.said(
        labeller,
        image,
        () -> answers.answers(image).flatMap(all -> all.of(labeller)).map(Answer::label));
  }

  /** Sends in the trace of the image. */
  private long inTrace(QueuedItem item, Supplier<Long> send) {
    Span span =
        tracer
            .spanBuilder("answer")
            .setSpanKind(SpanKind.PRODUCER)
            .setParent(Traces.under(item.trace()))
            .setAttribute("afina.reason", item.review().reason().text())
            .startSpan();
    return Traces.in(span, send);
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

  private static Problem gone() {
    return Problem.of(
        409, "gone", "this picture is not yours any more: it was answered, or given to others");
  }
}
