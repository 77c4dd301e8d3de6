package io.afina.labelling;

import io.afina.event.Correction;
import io.afina.event.RecordId;
import io.afina.event.Withdrawal;
import io.afina.http.Problem;
import io.afina.labelling.ActionHistory.Said;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.Answers.Answer;
import io.afina.labelling.queue.Claim;
import io.afina.labelling.queue.QueuedItem;
import io.afina.labelling.queue.ReviewQueue;
import io.afina.metrics.LabellingMeters;
import io.afina.metrics.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends what labellers say to {@code corrections}. Safe for any thread.
 *
 * @param current whether this instance may take answers
 */
record AnswerSender(
    ReviewQueue queue,
    AnswerIndex answers,
    CorrectionSender corrections,
    ActionHistory history,
    BooleanSupplier current,
    LabellingMeters meters,
    Tracer tracer,
    InstantSource clock) {

  static final String LABEL = "label";
  static final String CHANGE = "change";

  /**
   * Answers an item.
   *
   * @throws Problem when it is another's, was answered, or Kafka does not take the answer
   */
  Said send(String labeller, RecordId id, String label, @Nullable String note) {
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
    return new Said(item.image(), item, label.strip(), before);
  }

  /** Changes what a labeller says of an image; null takes it back. */
  Said changed(String labeller, String image, @Nullable String label) {
    requireCurrent();
    String before = said(labeller, image);
    say(labeller, image, label);
    meters.answered(CHANGE);
    return new Said(image, null, label, before);
  }

  /** Says what an image is; with null, that the labeller says nothing of it any more. */
  long say(String labeller, String image, @Nullable String label) {
    Instant now = clock.instant();
    return label == null
        ? corrections.send(image, new Withdrawal(labeller, now, null))
        : corrections.send(
            image, new Correction(label, labeller, now, null, answers.reason(image).orElse(null)));
  }

  /** What a labeller says of an image, or null. */
  @Nullable String said(String labeller, String image) {
    return history.said(
        labeller,
        image,
        () -> answers.answers(image).flatMap(all -> all.of(labeller)).map(Answer::label));
  }

  /** Sends in the trace of the image. */
  long inTrace(QueuedItem item, Supplier<Long> send) {
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

  void requireCurrent() {
    if (!current.getAsBoolean()) {
      throw Problem.later(
          503, "out-of-touch", "this server has lost touch with Kafka: wait a moment", 2);
    }
  }

  static Problem gone() {
    return Problem.of(
        409, "gone", "this picture is not yours any more: it was answered, or given to others");
  }
}
