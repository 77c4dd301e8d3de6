package io.afina.classifier.join;

import io.afina.classifier.join.PendingCorrections.Pending;
import io.afina.event.Correction;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.event.UnusableRecordException;
import io.afina.event.header.TraceHeaders;
import io.afina.metrics.CorrectionMeters;
import io.afina.metrics.CorrectionMeters.Outcome;
import io.afina.metrics.DeadLetterMeters;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Joins images with their corrections, whichever come first, to training examples. A later
 * correction replaces the earlier, the same again changes nothing, null withdraws; an image that is
 * sent again takes its correction along. A correction that waits too long for its image becomes a
 * dead letter.
 */
final class JoinProcessor extends ContextualProcessor<String, JoinInput, Object, Object> {

  /** A key that no image has: records without a key never reach the join. */
  private static final String NO_IMAGE = "";

  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final Duration retention;
  private final Duration patience;
  private final CorrectionMeters corrections;
  private final DeadLetterMeters deadLetters;
  private final JoinSpans spans;

  private RetainedStore<TracedEmbedding> embeddings;
  private RetainedStore<Joined> joined;
  private PendingCorrections pending;
  private Cancellable touch;
  private @Nullable Cancellable look;

  JoinProcessor(
      Duration retention,
      Duration patience,
      CorrectionMeters corrections,
      DeadLetterMeters deadLetters,
      Tracer tracer) {
    this.corrections = corrections;
    this.deadLetters = deadLetters;
    this.spans = new JoinSpans(tracer);
    this.retention = retention;
    this.patience = patience;
  }

  /** The label of an image, with what the training example needs. */
  record Joined(Correction correction, Instant at, @Nullable Votes votes) {

    static Joined of(Correction correction, long timestamp, Votes votes) {
      Instant at = correction.at() == null ? Instant.ofEpochMilli(timestamp) : correction.at();
      return new Joined(correction, at, votes);
    }

    /** The same, asked for the reason of the one before, unless it has a reason of its own. */
    Joined keepingReasonOf(Joined before) {
      return correction.asked() == null
          ? new Joined(correction.inAnswerTo(before.correction().asked()), at, votes)
          : this;
    }

    boolean repeats(Joined before) {
      return before.correction().label().equals(correction.label())
          && Objects.equals(before.correction().labeller(), correction.labeller())
          && before.correction().asked() == correction.asked();
    }

    TrainingExample example(Embedding embedding) {
      return new TrainingExample(
          correction.label(),
          correction.labeller(),
          at,
          embedding,
          correction.asked(),
          Votes.of(votes).ofSeveral());
    }
  }

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    super.init(context);
    embeddings = new RetainedStore<>(context.getStateStore(Nodes.EMBEDDINGS), retention);
    joined = new RetainedStore<>(context.getStateStore(Nodes.JOINED), retention);
    pending = new PendingCorrections(context.getStateStore(Nodes.WAITING), patience, corrections);
    lookLater();
    touch = context.schedule(AT_ONCE, PunctuationType.WALL_CLOCK_TIME, this::touch);
  }

  @Override
  public void close() {
    pending.close();
  }

  @Override
  public void process(Record<String, JoinInput> record) {
    JoinInput input = record.value();
    if (input instanceof JoinInput.Image image) {
      joinImage(record, image.embedding());
    } else if (input instanceof JoinInput.Corrected corrected) {
      joinCorrection(record, corrected);
    } else {
      withdraw(record);
    }
  }

  private void joinImage(Record<String, JoinInput> record, Embedding embedding) {
    String id = record.key();
    SpanContext trace = TraceHeaders.read(record.headers());
    embeddings.put(id, new TracedEmbedding(embedding, trace), now());
    Optional<Joined> before = joined.get(id, now());
    Optional<Pending> waited = pending.take(id);
    if (waited.isPresent()) {
      SourceRecord source = waited.get().source();
      SpanContext span = became(Outcome.JOINED, trace, source.trace());
      Votes votes = votes(before).with(Votes.of(waited.get().votes()));
      join(
          record, Joined.of(waited.get().correction(), source.timestamp(), votes), embedding, span);
    } else {
      before.ifPresent(label -> forward(record, label.example(embedding), trace));
    }
  }

  private void joinCorrection(Record<String, JoinInput> record, JoinInput.Corrected corrected) {
    Optional<TracedEmbedding> embedding = embeddings.get(record.key(), now());
    if (embedding.isPresent()) {
      relabel(record, corrected.correction(), embedding.get());
    } else {
      became(Outcome.WAITING, SpanContext.getInvalid(), corrected.source().trace());
      pending.put(record.key(), corrected, now());
      lookLater();
    }
  }

  /**
   * An image that was chosen by chance stays so, whoever corrects it later: who corrects without
   * being asked gives no reason.
   */
  private void relabel(
      Record<String, JoinInput> record, Correction correction, TracedEmbedding embedding) {
    Optional<Joined> before = joined.get(record.key(), now());
    Joined fresh = Joined.of(correction, record.timestamp(), votes(before).with(correction));
    Joined label = before.map(fresh::keepingReasonOf).orElse(fresh);
    boolean repeated = before.filter(label::repeats).isPresent();
    SpanContext span =
        became(
            repeated ? Outcome.REPEATED : Outcome.JOINED,
            embedding.trace(),
            TraceHeaders.read(record.headers()));
    if (!repeated) {
      join(record, label, embedding.embedding(), span);
    }
  }

  private void withdraw(Record<String, JoinInput> record) {
    var unused = pending.take(record.key());
    SpanContext image =
        embeddings
            .get(record.key(), now())
            .map(TracedEmbedding::trace)
            .orElse(SpanContext.getInvalid());
    SpanContext span = became(Outcome.WITHDRAWN, image, TraceHeaders.read(record.headers()));
    joined.remove(record.key(), now());
    forward(record, null, span);
  }

  /** Counts what became of a correction, and returns the span in which it happened. */
  private SpanContext became(Outcome outcome, SpanContext image, SpanContext correction) {
    corrections.became(outcome);
    return spans.became(outcome, image, correction);
  }

  private void join(
      Record<String, JoinInput> record, Joined label, Embedding embedding, SpanContext span) {
    joined.put(record.key(), label, now());
    forward(record, label.example(embedding), span);
  }

  private void forward(
      Record<String, JoinInput> record, @Nullable TrainingExample example, SpanContext span) {
    RecordHeaders headers = new RecordHeaders(record.headers());
    TraceHeaders.write(span, headers);
    context()
        .forward(new Record<>(record.key(), example, record.timestamp(), headers), Nodes.TRAINING);
  }

  /**
   * Under exactly-once, Kafka Streams takes a store of which it has no changelog offset for
   * corrupt, and with it the task: all its stores are wiped and restored at the next start. A store
   * that stays empty has none until something is logged of it, if only a deletion.
   */
  private void touch(long now) {
    touch.cancel();
    embeddings.touch(NO_IMAGE, now);
    joined.touch(NO_IMAGE, now);
    pending.touch(NO_IMAGE);
  }

  /** Only while corrections wait: a task that is punctuated has something to commit. */
  private void lookLater() {
    if (look == null) {
      look =
          pending
              .nextLook(now())
              .map(in -> context().schedule(in, PunctuationType.WALL_CLOCK_TIME, this::look))
              .orElse(null);
    }
  }

  private void look(long now) {
    Objects.requireNonNull(look).cancel();
    look = null;
    expirePending(now);
    lookLater();
  }

  private void expirePending(long now) {
    pending.expire(
        now,
        expired -> {
          corrections.became(Outcome.EXPIRED);
          deadLetters.setAside(Stage.JOIN, Reason.NO_IMAGE);
          context().forward(expired.source().dead(noImage(), now), Nodes.DEAD_LETTERS);
        });
  }

  private UnusableRecordException noImage() {
    return new UnusableRecordException(
        Stage.JOIN,
        Reason.NO_IMAGE,
        "no image of that id was seen within %s: it never came, or is forgotten"
            .formatted(patience));
  }

  private long now() {
    return context().currentSystemTimeMs();
  }

  private static Votes votes(Optional<Joined> before) {
    return before.map(label -> Votes.of(label.votes())).orElse(Votes.NONE);
  }
}
