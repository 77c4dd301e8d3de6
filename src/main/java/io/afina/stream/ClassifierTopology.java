package io.afina.stream;

import io.afina.config.AfinaConfig;
import io.afina.event.Topic;
import io.afina.event.Topics;
import io.afina.model.HeadSlot;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * What the classifier is, apart from how it runs: {@code images} through the backbone and the
 * champion to {@code predictions}, some of it to {@code review}; {@code corrections} joined with
 * the stored embeddings to {@code training}; whatever is unusable to {@code dead-letters}.
 */
public final class ClassifierTopology {

  static final String IMAGES = "images";
  static final String CLASSIFY = "classify";
  static final String PREDICTIONS = "predictions";
  static final String CORRECTIONS = "corrections";
  static final String READ_CORRECTION = "read-correction";
  static final String ASK = "ask";
  static final String REVIEW = "review";
  static final String JOIN = "join";
  static final String TRAINING = "training";
  static final String DEAD_LETTERS = "dead-letters";

  static final String EMBEDDINGS = "embeddings";
  static final String JOINED = "joined";
  static final String WAITING = "waiting";

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
    CommitPace pace =
        new CommitPace(
            config.classifier().commitInterval(), config.classifier().busyCommitInterval());
    Duration retention = config.classifier().embeddingRetention();
    Duration patience = config.classifier().correctionPatience();
    Topology topology = new Topology();
    source(topology, IMAGES, Topics.IMAGES);
    topology.addProcessor(
        CLASSIFY,
        () ->
            new ClassifyProcessor(
                embedder, heads, ids, pace, meters, tracer, config.review().noveltyQuantile()),
        IMAGES);
    topology.addProcessor(ASK, () -> new AskProcessor(config.review(), meters.review()), CLASSIFY);
    source(topology, CORRECTIONS, Topics.CORRECTIONS);
    topology.addProcessor(
        READ_CORRECTION, () -> new CorrectionReader(ids, meters.deadLetters()), CORRECTIONS);
    topology.addProcessor(
        JOIN,
        () -> new JoinProcessor(retention, patience, meters, tracer),
        CLASSIFY,
        READ_CORRECTION);
    topology.addStateStore(retained(EMBEDDINGS, retention, StoreSerdes.embedding()), JOIN);
    topology.addStateStore(
        retained(JOINED, retention, StoreSerdes.json(JoinProcessor.Joined.class)), JOIN);
    topology.addStateStore(waiting(), JOIN);
    sink(topology, PREDICTIONS, Topics.PREDICTIONS, CLASSIFY);
    sink(topology, REVIEW, Topics.REVIEW, ASK);
    sink(topology, TRAINING, Topics.TRAINING, JOIN);
    sink(topology, DEAD_LETTERS, Topics.DEAD_LETTERS, CLASSIFY, READ_CORRECTION, JOIN);
    return topology;
  }

  /** Sources read bytes: whatever is wrong with a record is ours to say, not a deserializer's. */
  private static void source(Topology topology, String name, Topic<?, ?> topic) {
    topology.addSource(
        AutoOffsetReset.earliest(),
        name,
        wallClockWhenNegative(),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        topic.name());
  }

  private static <K, V> void sink(
      Topology topology, String name, Topic<K, V> topic, String... parents) {
    topology.addSink(
        name, topic.name(), topic.keys().serializer(), topic.values().serializer(), parents);
  }

  /** Very old producers send no timestamp, which reads as -1 and would stop the stream. */
  private static TimestampExtractor wallClockWhenNegative() {
    return (record, partitionTime) ->
        record.timestamp() >= 0 ? record.timestamp() : System.currentTimeMillis();
  }

  private static <V> StoreBuilder<WindowStore<String, V>> retained(
      String name, Duration retention, Serde<V> values) {
    return Stores.windowStoreBuilder(
        Stores.persistentWindowStore(name, retention, Duration.ofMillis(1), false),
        Serdes.String(),
        values);
  }

  private static StoreBuilder<KeyValueStore<String, JoinProcessor.Waiting>> waiting() {
    return Stores.keyValueStoreBuilder(
        Stores.persistentKeyValueStore(WAITING),
        Serdes.String(),
        StoreSerdes.json(JoinProcessor.Waiting.class));
  }
}
