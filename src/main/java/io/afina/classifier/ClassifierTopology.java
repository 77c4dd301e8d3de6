package io.afina.classifier;

import io.afina.backbone.PictureEmbedder;
import io.afina.classifier.ahead.AheadQueue;
import io.afina.classifier.join.ImageIds;
import io.afina.classifier.join.JoinTopology;
import io.afina.classifier.join.Nodes;
import io.afina.classifier.join.Timestamps;
import io.afina.cloudevents.PredictionEvents;
import io.afina.config.AfinaConfig;
import io.afina.config.ClassifierConfig;
import io.afina.config.ReviewConfig;
import io.afina.event.Topic;
import io.afina.event.Topics;
import io.afina.event.header.TravellingHeaders;
import io.afina.kafka.Homes;
import io.afina.metrics.ReviewMeters;
import io.afina.model.HeadSlot;
import io.afina.source.PictureOrigin;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/**
 * Describes the classifier as a Kafka Streams topology: {@code images} through the backbone and the
 * champion to {@code predictions}, some of it to {@code review}; {@code corrections} joined with
 * the stored embeddings to {@code training}, by way of {@code strays} where the two did not arrive
 * in one partition, and the reduced pictures of these to {@code pictures}; whatever is unusable to
 * {@code dead-letters}.
 */
public final class ClassifierTopology {

  private ClassifierTopology() {}

  /**
   * Builds it with nothing ahead; pure, so that a test can drive it without Kafka.
   *
   * @param homes where images and corrections meet
   */
  public static Topology build(
      AfinaConfig config,
      Homes homes,
      PictureEmbedder embedder,
      HeadSlot heads,
      MeterRegistry registry,
      Tracer tracer) {
    AheadQueue none = AheadQueue.of(config, embedder, PictureOrigin.RECORDS);
    return build(config, homes, none, heads, registry, tracer);
  }

  /** Builds it; whoever runs it shows to the queue what was polled. */
  public static Topology build(
      AfinaConfig config,
      Homes homes,
      AheadQueue ahead,
      HeadSlot heads,
      MeterRegistry registry,
      Tracer tracer) {
    StreamMeters meters = new StreamMeters(registry);
    ImageIds ids = new ImageIds(config.pictures().maxKeyBytes());
    ClassifierConfig classifier = config.classifier();
    TravellingHeaders travelling =
        TravellingHeaders.of(classifier.headers(), classifier.headerBytes());
    CommitPace pace = new CommitPace(classifier.commitInterval(), classifier.busyCommitInterval());
    Topology topology = new Topology();
    Topics topics = config.topics();
    source(topology, Nodes.IMAGES, topics.images());
    topology.addProcessor(
        Nodes.CLASSIFY,
        () ->
            new ClassifyProcessor(
                ahead,
                heads,
                ids,
                travelling,
                new PredictionEvents(classifier.cloudEvents()),
                pace,
                meters,
                tracer,
                config.review().noveltyQuantile()),
        Nodes.IMAGES);
    source(topology, Nodes.CORRECTIONS, topics.corrections());
    source(topology, Nodes.STRAYS, topics.strays());
    new JoinTopology(config, homes, ids, travelling, registry, tracer)
        .addTo(topology, Nodes.CLASSIFY);
    addAsking(topology, config.review(), meters.review());
    addSinks(topology, topics);
    return topology;
  }

  /** It hears of what was classified and of what people say. */
  private static void addAsking(Topology topology, ReviewConfig settings, ReviewMeters meters) {
    topology.addProcessor(
        Nodes.ASK,
        () -> new ReviewProcessor(settings, meters),
        Nodes.CLASSIFY,
        Nodes.READ_CORRECTION);
  }

  private static void addSinks(Topology topology, Topics topics) {
    sink(topology, Nodes.PREDICTIONS, topics.predictions(), Nodes.CLASSIFY);
    sink(topology, Nodes.REVIEW, topics.review(), Nodes.ASK);
    sink(topology, Nodes.TRAINING, topics.training(), Nodes.JOIN);
    sink(topology, Nodes.PICTURES, topics.pictures(), Nodes.JOIN);
    sink(
        topology,
        Nodes.DEAD_LETTERS,
        topics.deadLetters(),
        Nodes.CLASSIFY,
        Nodes.READ_CORRECTION,
        Nodes.READ_STRAY,
        Nodes.JOIN);
  }

  /** Sources read bytes: whatever is wrong with a record is ours to say, not a deserializer's. */
  private static void source(Topology topology, String name, Topic<?, ?> topic) {
    topology.addSource(
        AutoOffsetReset.earliest(),
        name,
        (record, partitionTime) -> Timestamps.orNow(record.timestamp(), System.currentTimeMillis()),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        topic.name());
  }

  private static <K, V> void sink(
      Topology topology, String name, Topic<K, V> topic, String... parents) {
    topology.addSink(
        name, topic.name(), topic.keys().serializer(), topic.values().serializer(), parents);
  }
}
