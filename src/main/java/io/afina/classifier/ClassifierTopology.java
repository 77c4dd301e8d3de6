package io.afina.classifier;

import io.afina.backbone.PictureEmbedder;
import io.afina.config.AfinaConfig;
import io.afina.config.ClassifierConfig;
import io.afina.event.Topic;
import io.afina.event.Topics;
import io.afina.event.TravellingHeaders;
import io.afina.model.HeadSlot;
import io.afina.topic.TopicCatalog;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Describes the classifier as a Kafka Streams topology: {@code images} through the backbone and the
 * champion to {@code predictions}, some of it to {@code review}; {@code corrections} joined with
 * the stored embeddings to {@code training}; whatever is unusable to {@code dead-letters}.
 */
public final class ClassifierTopology {

  /** The most that the clock of whoever sends an image or a correction may be ahead. */
  private static final Duration AHEAD = Duration.ofHours(1);

  private ClassifierTopology() {}

  /** Builds it; pure, so that a test can drive it without Kafka. */
  public static Topology build(
      AfinaConfig config,
      PictureEmbedder embedder,
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
                embedder,
                heads,
                ids,
                travelling,
                pace,
                meters,
                tracer,
                config.review().noveltyQuantile()),
        Nodes.IMAGES);
    topology.addProcessor(
        Nodes.ASK, () -> new ReviewProcessor(config.review(), meters.review()), Nodes.CLASSIFY);
    source(topology, Nodes.CORRECTIONS, topics.corrections());
    topology.addProcessor(
        Nodes.READ_CORRECTION,
        () -> new CorrectionProcessor(ids, travelling, meters.deadLetters()),
        Nodes.CORRECTIONS);
    addJoin(topology, classifier, meters, tracer);
    addSinks(topology, topics);
    return topology;
  }

  private static void addJoin(
      Topology topology, ClassifierConfig config, StreamMeters meters, Tracer tracer) {
    Duration retention = config.embeddingRetention();
    topology.addProcessor(
        Nodes.JOIN,
        () -> new JoinProcessor(retention, config.correctionPatience(), meters, tracer),
        Nodes.CLASSIFY,
        Nodes.READ_CORRECTION);
    topology.addStateStore(
        retained(Nodes.EMBEDDINGS, retention, StoreSerdes.embedding()), Nodes.JOIN);
    topology.addStateStore(
        retained(Nodes.JOINED, retention, StoreSerdes.json(JoinProcessor.Joined.class)),
        Nodes.JOIN);
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(Nodes.WAITING),
                Serdes.String(),
                StoreSerdes.pending())
            .withLoggingEnabled(TopicCatalog.CHANGELOG),
        Nodes.JOIN);
  }

  private static void addSinks(Topology topology, Topics topics) {
    sink(topology, Nodes.PREDICTIONS, topics.predictions(), Nodes.CLASSIFY);
    sink(topology, Nodes.REVIEW, topics.review(), Nodes.ASK);
    sink(topology, Nodes.TRAINING, topics.training(), Nodes.JOIN);
    sink(
        topology,
        Nodes.DEAD_LETTERS,
        topics.deadLetters(),
        Nodes.CLASSIFY,
        Nodes.READ_CORRECTION,
        Nodes.JOIN);
  }

  /** Sources read bytes: whatever is wrong with a record is ours to say, not a deserializer's. */
  private static void source(Topology topology, String name, Topic<?, ?> topic) {
    topology.addSource(
        AutoOffsetReset.earliest(),
        name,
        wallClockWhenImpossible(),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        topic.name());
  }

  private static <K, V> void sink(
      Topology topology, String name, Topic<K, V> topic, String... parents) {
    topology.addSink(
        name, topic.name(), topic.keys().serializer(), topic.values().serializer(), parents);
  }

  /**
   * Very old producers send no timestamp, which reads as -1; one too far ahead would be copied to
   * records that brokers refuse ({@code message.timestamp.after.max.ms}). Both would stop the
   * stream, and count as now.
   */
  private static TimestampExtractor wallClockWhenImpossible() {
    return (record, partitionTime) -> {
      long now = System.currentTimeMillis();
      long at = record.timestamp();
      return at >= 0 && at <= now + AHEAD.toMillis() ? at : now;
    };
  }

  private static <V> StoreBuilder<WindowStore<String, V>> retained(
      String name, Duration retention, Serde<V> values) {
    return Stores.windowStoreBuilder(
            Stores.persistentWindowStore(name, retention, Duration.ofMillis(1), false),
            Serdes.String(),
            values)
        .withLoggingEnabled(TopicCatalog.CHANGELOG);
  }
}
