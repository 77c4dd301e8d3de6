package io.afina.classifier.join;

import io.afina.kafka.Homes;
import io.afina.metrics.ArrivalMeters;
import io.afina.metrics.ArrivalMeters.Kind;
import java.time.Duration;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Sends an embedding or a correction that arrived away from the home of its image on to it. What
 * arrived at home is joined here, and so is what this partition knows the image of: it was stored
 * here before there were homes.
 */
final class HomeProcessor extends ContextualProcessor<String, JoinInput, Object, Object> {

  private final Homes homes;
  private final Duration retention;
  private final ArrivalMeters meters;

  private RetainedStore<TracedEmbedding> embeddings;
  private KeyValueStore<String, Labelled> labelled;
  private RetainedStore<Joined> joined;
  private KeyValueStore<String, PendingCorrections.Pending> waiting;

  HomeProcessor(Homes homes, Duration retention, ArrivalMeters meters) {
    this.homes = homes;
    this.retention = retention;
    this.meters = meters;
  }

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    super.init(context);
    embeddings = new RetainedStore<>(context.getStateStore(Nodes.EMBEDDINGS), retention);
    labelled = context.getStateStore(Nodes.LABELLED);
    joined = new RetainedStore<>(context.getStateStore(Nodes.JOINED), retention);
    waiting = context.getStateStore(Nodes.WAITING);
  }

  @Override
  public void process(Record<String, JoinInput> record) {
    String id = record.key();
    boolean stays = homes.of(id) == context().taskId().partition() || isKnown(id);
    meters.arrived(record.value() instanceof JoinInput.Image ? Kind.IMAGE : Kind.CORRECTION, stays);
    if (stays) {
      context().forward(record, Nodes.JOIN);
    } else {
      context()
          .forward(
              record.withValue(stray(record.value(), record.timestamp()).toBytes()),
              Nodes.SEND_HOME);
    }
  }

  private boolean isKnown(String id) {
    long now = context().currentSystemTimeMs();
    return embeddings.get(id, now).isPresent()
        || labelled.get(id) != null
        || joined.get(id, now).isPresent()
        || waiting.get(id) != null;
  }

  private static Stray stray(JoinInput input, long timestamp) {
    if (input instanceof JoinInput.Image image) {
      return new Stray.Image(image.embedding(), image.place(), timestamp);
    }
    if (input instanceof JoinInput.VoteWithdrawn withdrawn) {
      return new Stray.Corrected(withdrawn.source(), timestamp);
    }
    if (input instanceof JoinInput.Unnamed unnamed) {
      return new Stray.Corrected(unnamed.source(), timestamp);
    }
    return input instanceof JoinInput.Corrected corrected
        ? new Stray.Corrected(corrected.source(), timestamp)
        : new Stray.Withdrawn(timestamp);
  }
}
