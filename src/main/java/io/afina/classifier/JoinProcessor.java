package io.afina.classifier;

import io.afina.event.Correction;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.Embedding;
import io.afina.event.TraceHeaders;
import io.afina.event.TrainingExample;
import io.afina.event.UnusableRecordException;
import io.afina.metrics.CorrectionMeters.Outcome;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Where an image meets its correction, whichever comes first. A later correction replaces the
 * earlier, the same again changes nothing, null withdraws; an image that is sent again takes its
 * correction along. A correction that waits too long for its image becomes a dead letter.
 */
final class JoinProcessor extends ContextualProcessor<String, JoinInput, Object, Object> {

  /** No image has it: keys that are empty never reach the join. */
  private static final String NOBODY = "";

  private static final Duration AT_ONCE = Duration.ofMillis(1);
  private static final int LOOKS_PER_PATIENCE = 20;
  private static final Duration SHORTEST_LOOK = Duration.ofMillis(100);
  private static final Duration LONGEST_LOOK = Duration.ofMinutes(1);

  private final Duration retention;
  private final Duration patience;
  private final StreamMeters meters;
  private final JoinSpans spans;

  /** Corrections of this task that wait, about: the store estimates after a restart. */
  private long waiting;

  private Stores stores;
  private Cancellable touch;

  JoinProcessor(Duration retention, Duration patience, StreamMeters meters, Tracer tracer) {
    this.meters = meters;
    this.spans = new JoinSpans(tracer);
    this.retention = retention;
    this.patience = patience;
  }

  /** A correction whose image was not seen yet. */
  record Waiting(Correction correction, SourceRecord source, long since, @Nullable Votes votes) {}

  /** The label that an image bears, with what the example needs. */
  record Joined(Correction correction, Instant at, @Nullable Votes votes) {

    /** The same, asked about for the reason for which the one before was, unless for another. */
    Joined keeping(Joined before) {
      return correction.asked() == null
          ? new Joined(correction.inAnswerTo(before.correction().asked()), at, votes)
          : this;
    }
  }

  private record Stores(
      RetainedStore<TracedEmbedding> embeddings,
      RetainedStore<Joined> joined,
      KeyValueStore<String, Waiting> waiting) {}

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    super.init(context);
    stores =
        new Stores(
            new RetainedStore<>(context.getStateStore(Nodes.EMBEDDINGS), retention),
            new RetainedStore<>(context.getStateStore(Nodes.JOINED), retention),
            context.getStateStore(Nodes.WAITING));
    waiting(stores.waiting().approximateNumEntries());
    context.schedule(lookEvery(), PunctuationType.WALL_CLOCK_TIME, this::giveUpOnLate);
    touch = context.schedule(AT_ONCE, PunctuationType.WALL_CLOCK_TIME, this::touch);
  }

  @Override
  public void close() {
    waiting(-waiting);
  }

  @Override
  public void process(Record<String, JoinInput> record) {
    JoinInput input = record.value();
    if (input instanceof JoinInput.Image image) {
      image(record, image.embedding());
    } else if (input instanceof JoinInput.Corrected corrected) {
      corrected(record, corrected);
    } else {
      withdrawn(record);
    }
  }

  private void image(Record<String, JoinInput> record, Embedding embedding) {
    String id = record.key();
    SpanContext trace = TraceHeaders.read(record.headers());
    stores.embeddings().put(id, new TracedEmbedding(embedding, trace), now());
    Waiting waiting = stores.waiting().get(id);
    if (waiting != null) {
      noLongerWaits(id);
      SpanContext span = became(Outcome.JOINED, trace, waiting.source().trace());
      Votes votes = votes(stores.joined().get(id, now())).with(Votes.of(waiting.votes()));
      Joined joined = joined(waiting.correction(), waiting.source().timestamp(), votes);
      join(record, joined, embedding, span);
    } else {
      stores
          .joined()
          .get(id, now())
          .ifPresent(joined -> forward(record, example(joined, embedding), trace));
    }
  }

  private void corrected(Record<String, JoinInput> record, JoinInput.Corrected corrected) {
    String id = record.key();
    Correction correction = corrected.correction();
    Optional<TracedEmbedding> embedding = stores.embeddings().get(id, now());
    Optional<Joined> before = stores.joined().get(id, now());
    Joined joined = joined(correction, record.timestamp(), votes(before).with(correction));
    if (embedding.isEmpty()) {
      await(id, corrected);
    } else {
      relabelled(record, joined, before, embedding.get());
    }
  }

  private void await(String id, JoinInput.Corrected corrected) {
    Waiting earlier = stores.waiting().get(id);
    if (earlier == null) {
      waiting(1);
    }
    became(Outcome.WAITING, SpanContext.getInvalid(), corrected.source().trace());
    Votes votes = earlier == null ? Votes.NONE : Votes.of(earlier.votes());
    Correction correction = corrected.correction();
    stores
        .waiting()
        .put(id, new Waiting(correction, corrected.source(), now(), votes.with(correction)));
  }

  /**
   * What was drawn by chance stays so, whoever says later what it is: who corrects an answer was
   * not asked.
   */
  private void relabelled(
      Record<String, JoinInput> record,
      Joined fresh,
      Optional<Joined> old,
      TracedEmbedding embedding) {
    Joined joined = old.map(fresh::keeping).orElse(fresh);
    boolean repeated = old.filter(before -> same(before, joined)).isPresent();
    SpanContext span =
        became(
            repeated ? Outcome.REPEATED : Outcome.JOINED,
            embedding.trace(),
            TraceHeaders.read(record.headers()));
    if (!repeated) {
      join(record, joined, embedding.embedding(), span);
    }
  }

  private void withdrawn(Record<String, JoinInput> record) {
    // Deleting what is not there would write to the changelog all the same.
    if (stores.waiting().get(record.key()) != null) {
      noLongerWaits(record.key());
    }
    SpanContext image =
        stores
            .embeddings()
            .get(record.key(), now())
            .map(TracedEmbedding::trace)
            .orElse(SpanContext.getInvalid());
    SpanContext span = became(Outcome.WITHDRAWN, image, TraceHeaders.read(record.headers()));
    stores.joined().remove(record.key(), now());
    forward(record, null, span);
  }

  /** Counts it, and says in which span it happened. */
  private SpanContext became(Outcome outcome, SpanContext image, SpanContext correction) {
    meters.corrections().became(outcome);
    return spans.became(outcome, image, correction);
  }

  private void join(
      Record<String, JoinInput> record, Joined joined, Embedding embedding, SpanContext span) {
    stores.joined().put(record.key(), joined, now());
    forward(record, example(joined, embedding), span);
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
    stores.embeddings().touch(NOBODY, now);
    stores.joined().touch(NOBODY, now);
    stores.waiting().delete(NOBODY);
  }

  private void giveUpOnLate(long now) {
    for (KeyValue<String, Waiting> late : late(now)) {
      noLongerWaits(late.key);
      meters.corrections().became(Outcome.EXPIRED);
      meters.deadLetters().setAside(Stage.JOIN, Reason.NO_IMAGE);
      context().forward(late.value.source().dead(noImage(), now), Nodes.DEAD_LETTERS);
    }
  }

  private void noLongerWaits(String id) {
    stores.waiting().delete(id);
    waiting(-1);
  }

  private void waiting(long change) {
    waiting += change;
    meters.corrections().waiting(change);
  }

  private List<KeyValue<String, Waiting>> late(long now) {
    List<KeyValue<String, Waiting>> late = new ArrayList<>();
    try (KeyValueIterator<String, Waiting> all = stores.waiting().all()) {
      all.forEachRemaining(
          entry -> {
            if (now - entry.value.since() >= patience.toMillis()) {
              late.add(entry);
            }
          });
    }
    return late;
  }

  private UnusableRecordException noImage() {
    return new UnusableRecordException(
        Stage.JOIN,
        Reason.NO_IMAGE,
        "no image of that id was seen in this partition within %s: it never came, is forgotten, or was published with another partitioner than Kafka's default"
            .formatted(patience));
  }

  private Duration lookEvery() {
    Duration part = patience.dividedBy(LOOKS_PER_PATIENCE);
    if (part.compareTo(LONGEST_LOOK) > 0) {
      return LONGEST_LOOK;
    }
    return part.compareTo(SHORTEST_LOOK) < 0 ? SHORTEST_LOOK : part;
  }

  private long now() {
    return context().currentSystemTimeMs();
  }

  private static Votes votes(Optional<Joined> before) {
    return before.map(joined -> Votes.of(joined.votes())).orElse(Votes.NONE);
  }

  private static Joined joined(Correction correction, long timestamp, Votes votes) {
    Instant at = correction.at() == null ? Instant.ofEpochMilli(timestamp) : correction.at();
    return new Joined(correction, at, votes);
  }

  private static boolean same(Joined old, Joined fresh) {
    return old.correction().label().equals(fresh.correction().label())
        && Objects.equals(old.correction().labeller(), fresh.correction().labeller())
        && old.correction().asked() == fresh.correction().asked();
  }

  private static TrainingExample example(Joined joined, Embedding embedding) {
    Correction correction = joined.correction();
    return new TrainingExample(
        correction.label(),
        correction.labeller(),
        joined.at(),
        embedding,
        correction.asked(),
        Votes.of(joined.votes()).ofSeveral());
  }
}
