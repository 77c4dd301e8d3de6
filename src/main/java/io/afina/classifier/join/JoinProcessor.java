package io.afina.classifier.join;

import io.afina.classifier.join.PendingCorrections.Pending;
import io.afina.event.Correction;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.TrainingExample;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.event.header.TraceHeaders;
import io.afina.metrics.CorrectionMeters;
import io.afina.metrics.CorrectionMeters.Outcome;
import io.afina.metrics.DeadLetterMeters;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * Joins images with their corrections, whichever come first, to training examples. A later
 * correction replaces the earlier, the same again changes nothing, null withdraws all; an image
 * that is sent again takes its correction along. A correction that waits too long for its image
 * becomes a dead letter.
 */
final class JoinProcessor extends ContextualProcessor<String, JoinInput, Object, Object> {

  /** A key that no image has: records without a key never reach the join. */
  private static final String NO_IMAGE = "";

  private static final Duration AT_ONCE = Duration.ofMillis(1);
  private static final Duration MOVE = Duration.ofMillis(200);

  private final Duration retention;
  private final Duration patience;
  private final CorrectionMeters corrections;
  private final DeadLetterMeters deadLetters;
  private final JoinSpans spans;

  private RetainedStore<TracedEmbedding> embeddings;
  private LabelledStore labelled;
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

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    super.init(context);
    embeddings = new RetainedStore<>(context.getStateStore(Nodes.EMBEDDINGS), retention);
    WindowStore<String, Joined> before = context.getStateStore(Nodes.JOINED);
    labelled =
        new LabelledStore(
            context.getStateStore(Nodes.LABELLED),
            before,
            new RetainedStore<>(before, retention),
            embeddings);
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
      joinImage(record, image);
    } else if (input instanceof JoinInput.Corrected corrected) {
      joinCorrection(record, corrected);
    } else if (input instanceof JoinInput.Withdrawn || input instanceof JoinInput.Erased) {
      var unused = pending.take(record.key());
      withdraw(record);
    } else if (input instanceof JoinInput.VoteWithdrawn withdrawn) {
      withdraw(record, withdrawn.labeller());
    } else if (input instanceof JoinInput.Reduced reduced) {
      keep(record, reduced);
    } else {
      renew(record, input);
    }
  }

  private void joinImage(Record<String, JoinInput> record, JoinInput.Image image) {
    String id = record.key();
    SpanContext trace = TraceHeaders.read(record.headers());
    embeddings.put(id, new TracedEmbedding(image.embedding(), trace, image.place()), now());
    Optional<Labelled> before = labelled.get(id, now());
    Optional<Pending> waited = pending.take(id);
    if (waited.isPresent()) {
      SourceRecord source = waited.get().source();
      SpanContext span = became(Outcome.JOINED, trace, source.trace());
      Votes votes = Labelled.votes(before).with(Votes.of(waited.get().votes()));
      Joined label = Joined.of(waited.get().correction(), source.timestamp(), votes);
      join(record, Labelled.of(before, label, image, record.timestamp()), span);
    } else {
      before.ifPresent(known -> join(record, known.seen(image), trace));
    }
  }

  private void joinCorrection(Record<String, JoinInput> record, JoinInput.Corrected corrected) {
    Optional<TracedEmbedding> embedding = embeddings.get(record.key(), now());
    Optional<Labelled> before =
        labelled.get(record.key(), now()).filter(known -> !known.embeddings().isEmpty());
    if (before.isPresent() || embedding.isPresent()) {
      relabel(record, corrected.correction(), before, embedding);
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
      Record<String, JoinInput> record,
      Correction correction,
      Optional<Labelled> before,
      Optional<TracedEmbedding> embedding) {
    Votes votes = Labelled.votes(before).with(correction, record.timestamp());
    Joined fresh = Joined.of(correction, record.timestamp(), votes);
    Optional<Joined> old = before.map(Labelled::label);
    Joined label = old.map(fresh::after).orElse(fresh);
    boolean repeated = old.filter(label::repeats).isPresent();
    SpanContext span =
        became(
            repeated ? Outcome.REPEATED : Outcome.JOINED,
            TracedEmbedding.traceOf(embedding),
            TraceHeaders.read(record.headers()));
    if (!repeated) {
      Labelled known =
          before
              .map(earlier -> earlier.with(label, record.timestamp()))
              .orElseGet(
                  () -> Labelled.of(label, embedding.orElseThrow().image(), record.timestamp()));
      join(record, known, span);
    }
  }

  /** What the others said stays; where nobody did, the image has no label any more. */
  private void withdraw(Record<String, JoinInput> record, @Nullable String labeller) {
    pending.withdraw(record.key(), labeller);
    Optional<Labelled> before = labelled.get(record.key(), now());
    Optional<Labelled> rest = before.flatMap(is -> is.withdrawn(labeller, record.timestamp()));
    if (before.isPresent() && rest.isEmpty()) {
      withdraw(record);
      return;
    }
    SpanContext span =
        became(
            Outcome.WITHDRAWN,
            TracedEmbedding.traceOf(embeddings.get(record.key(), now())),
            TraceHeaders.read(record.headers()));
    if (!rest.equals(before)) {
      join(record, rest.orElseThrow(), span);
    }
  }

  /**
   * What has no label any more is kept as long as any other image, for a label that comes yet; what
   * is erased is not.
   */
  private void withdraw(Record<String, JoinInput> record) {
    String id = record.key();
    Optional<TracedEmbedding> embedding = embeddings.get(id, now());
    SpanContext span =
        became(
            Outcome.WITHDRAWN,
            TracedEmbedding.traceOf(embedding),
            TraceHeaders.read(record.headers()));
    Optional<Labelled> before = labelled.remove(id, now());
    if (record.value() instanceof JoinInput.Erased) {
      embeddings.remove(id, now());
    } else if (embedding.isEmpty() && before.isPresent()) {
      before.get().unlabelled().ifPresent(known -> embeddings.put(id, known, now()));
    }
    forward(record, null, span);
    context().forward(new Record<>(id, null, record.timestamp()), Nodes.PICTURES);
  }

  /** Once for each image that has a label, and not after the label is gone. */
  private void keep(Record<String, JoinInput> record, JoinInput.Reduced reduced) {
    ImagePlace place = reduced.place();
    Optional<Labelled> known = labelled.get(record.key(), now()).filter(has -> has.lacks(place));
    if (known.isPresent()) {
      Labelled kept = known.get().kept(place);
      labelled.put(record.key(), kept);
      RecordHeaders headers = KeptPicture.headers(place);
      Record<String, byte[]> picture =
          new Record<>(record.key(), reduced.jpeg(), record.timestamp(), headers);
      context().forward(picture, Nodes.PICTURES);
    }
  }

  /** An embedding comes or goes, or a name goes, of an image that has a label still. */
  private void renew(Record<String, JoinInput> record, JoinInput input) {
    pending.renew(record.key(), input);
    Optional<Labelled> before = labelled.get(record.key(), now());
    Optional<Labelled> after = before.map(known -> known.renewed(input));
    if (after.isPresent() && !after.equals(before)) {
      labelled.put(record.key(), after.get());
      forward(record, after.get().example(true), TraceHeaders.read(record.headers()));
    }
  }

  /** Counts what became of a correction, and returns the span in which it happened. */
  private SpanContext became(Outcome outcome, SpanContext image, SpanContext correction) {
    corrections.became(outcome);
    return spans.became(outcome, image, correction);
  }

  private void join(Record<String, JoinInput> record, Labelled label, SpanContext span) {
    labelled.put(record.key(), label);
    // Without an embedding, as an older version forgot it, it can teach nothing.
    forward(record, label.embeddings().isEmpty() ? null : label.example(false), span);
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
    labelled.touch(NO_IMAGE, now);
    pending.touch(NO_IMAGE);
    if (labelled.moveSome(now)) {
      touch = context().schedule(MOVE, PunctuationType.WALL_CLOCK_TIME, this::move);
    }
  }

  private void move(long now) {
    if (!labelled.moveSome(now)) {
      touch.cancel();
    }
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
    pending.expire(
        now,
        expired -> {
          corrections.became(Outcome.EXPIRED);
          deadLetters.setAside(Stage.JOIN, Reason.NO_IMAGE);
          context().forward(expired.source().dead(pending.noImage(), now), Nodes.DEAD_LETTERS);
        });
    lookLater();
  }

  private long now() {
    return context().currentSystemTimeMs();
  }
}
