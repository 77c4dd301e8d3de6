package io.afina.classifier;

import io.afina.backbone.PictureEmbedder.Embedded;
import io.afina.classifier.ahead.AheadQueue;
import io.afina.classifier.join.ImageIds;
import io.afina.classifier.join.JoinInput;
import io.afina.classifier.join.Nodes;
import io.afina.classifier.join.SourceRecord;
import io.afina.cloudevents.ImageEvents;
import io.afina.cloudevents.PredictionEvents;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.Embedding;
import io.afina.event.Prediction;
import io.afina.event.Prediction.Position;
import io.afina.event.Prediction.Timings;
import io.afina.event.UnusableRecordException;
import io.afina.event.header.TraceHeaders;
import io.afina.event.header.TravellingHeaders;
import io.afina.model.Centroids;
import io.afina.model.Head;
import io.afina.model.HeadPair;
import io.afina.model.HeadSlot;
import io.afina.review.ScoredImage;
import io.opentelemetry.api.trace.Tracer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Classifies an image event: forwards its prediction, a candidate for review and its embedding, or
 * a dead letter.
 */
final class ClassifyProcessor extends ContextualProcessor<byte[], byte[], Object, Object> {

  private final AheadQueue ahead;
  private final HeadSlot heads;
  private final ImageIds ids;
  private final TravellingHeaders travelling;
  private final PredictionEvents events;
  private final CommitPace pace;
  private final StreamMeters meters;
  private final Tracer tracer;
  private final double noveltyQuantile;
  private CommitPace.Task commits;
  private int partition = -1;

  ClassifyProcessor(
      AheadQueue ahead,
      HeadSlot heads,
      ImageIds ids,
      TravellingHeaders travelling,
      PredictionEvents events,
      CommitPace pace,
      StreamMeters meters,
      Tracer tracer,
      double noveltyQuantile) {
    this.ahead = ahead;
    this.heads = heads;
    this.ids = ids;
    this.travelling = travelling;
    this.events = events;
    this.pace = pace;
    this.meters = meters;
    this.tracer = tracer;
    this.noveltyQuantile = noveltyQuantile;
  }

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    super.init(context);
    commits = pace.start(context);
    partition = context.taskId().partition();
  }

  /** A task that is taken away, or begins anew after an abort, leaves nothing behind. */
  @Override
  public void close() {
    ahead.drop(partition);
  }

  @Override
  public void process(Record<byte[], byte[]> image) {
    RecordMetadata at = context().recordMetadata().orElseThrow();
    ClassifySpan span = ClassifySpan.start(tracer, at, image.headers());
    try {
      classify(image, at, span);
    } catch (UnusableRecordException e) {
      span.setAside(e);
      meters.images().setAside();
      meters.deadLetters().setAside(e.stage(), e.reason());
      context()
          .forward(
              SourceRecord.of(at, image).dead(e, context().currentSystemTimeMs()),
              Nodes.DEAD_LETTERS);
    } finally {
      span.end();
    }
  }

  private void classify(Record<byte[], byte[]> image, RecordMetadata at, ClassifySpan span)
      throws UnusableRecordException {
    long queued = Math.max(0, context().currentSystemTimeMs() - image.timestamp());
    commits.classified(queued);
    String id = ids.read(Stage.DECODE, ImageEvents.key(image.key(), image.headers()));
    Headers headers = travelling.of(Stage.DECODE, image.headers());
    Embedded embedded =
        ahead.embed(
            new TopicPartition(at.topic(), at.partition()),
            at.offset(),
            image.value(),
            image.headers());
    Embedding embedding = embedded.embedding();
    HeadPair pair = heads.heads(embedding.backbone());
    Centroids known = pair.champion().map(Head::centroids).orElse(null);
    Double distance = known == null ? null : known.distance(embedding.values());
    Prediction prediction =
        PredictionFactory.of(
            pair,
            embedding,
            new Position(at.partition(), at.offset(), image.timestamp()),
            new Timings(queued, embedded.decodeMillis(), embedded.inferenceMillis()),
            known == null || distance == null ? null : known.rank(distance));
    span.predicted(id, prediction, () -> measure(prediction, distance, known));
    TraceHeaders.write(span.context(), headers);
    Headers event = events.headers(at.topic(), prediction.image(), id, headers);
    context().forward(new Record<>(id, prediction, image.timestamp(), event), Nodes.PREDICTIONS);
    context()
        .forward(
            new Record<>(
                id,
                new ScoredImage(prediction, embedding, pair.champion()),
                image.timestamp(),
                headers),
            Nodes.ASK);
    JoinInput seen =
        new JoinInput.Image(
            embedding, ahead.place(at.partition(), at.offset(), image.value(), image.headers()));
    context().forward(new Record<>(id, seen, image.timestamp(), headers), Nodes.HOME);
  }

  private void measure(
      Prediction prediction, @Nullable Double distance, @Nullable Centroids known) {
    meters.images().classified(prediction, context().currentSystemTimeMs());
    if (known != null && distance != null) {
      meters.images().compared(distance, known.limit(noveltyQuantile));
    }
  }
}
