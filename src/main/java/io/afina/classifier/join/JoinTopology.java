package io.afina.classifier.join;

import io.afina.config.AfinaConfig;
import io.afina.config.ClassifierConfig;
import io.afina.event.Topic;
import io.afina.event.header.TravellingHeaders;
import io.afina.kafka.Homes;
import io.afina.metrics.ArrivalMeters;
import io.afina.metrics.CorrectionMeters;
import io.afina.metrics.DeadLetterMeters;
import io.afina.topic.TopicCatalog;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Describes the join as a part of the classifier's topology: what the parents and {@code
 * corrections} bring goes home, through {@code strays} where it arrived elsewhere, and is joined
 * there.
 */
public record JoinTopology(
    AfinaConfig config,
    Homes homes,
    ImageIds ids,
    TravellingHeaders travelling,
    MeterRegistry registry,
    Tracer tracer) {

  /**
   * Adds its processors, its stores and the way to {@code strays}; the sources {@link
   * Nodes#CORRECTIONS} and {@link Nodes#STRAYS} are there already.
   *
   * @param images the processor that forwards {@link JoinInput.Image} to {@link Nodes#HOME}
   */
  public void addTo(Topology topology, String images) {
    ClassifierConfig classifier = config.classifier();
    Duration retention = classifier.embeddingRetention();
    ArrivalMeters arrivals = new ArrivalMeters(registry);
    CorrectionMeters corrections = new CorrectionMeters(registry);
    DeadLetterMeters deadLetters = new DeadLetterMeters(registry);
    String said = config.topics().corrections().name();
    topology.addProcessor(
        Nodes.READ_CORRECTION,
        () -> new CorrectionProcessor(ids, travelling, deadLetters),
        Nodes.CORRECTIONS);
    topology.addProcessor(
        Nodes.READ_STRAY,
        () -> new StrayProcessor(ids, travelling, said, deadLetters),
        Nodes.STRAYS);
    topology.addProcessor(
        Nodes.HOME,
        () -> new HomeProcessor(homes, retention, arrivals),
        images,
        Nodes.READ_CORRECTION);
    topology.addProcessor(
        Nodes.JOIN,
        () ->
            new JoinProcessor(
                retention, classifier.correctionPatience(), corrections, deadLetters, tracer),
        Nodes.HOME,
        Nodes.READ_STRAY);
    addStores(topology, retention);
    Topic<String, byte[]> strays = config.topics().strays();
    topology.addSink(
        Nodes.SEND_HOME,
        strays.name(),
        strays.keys().serializer(),
        strays.values().serializer(),
        toHome(),
        Nodes.HOME);
  }

  /** A lambda has the one method that is abstract, whose successor is a default one still. */
  @SuppressWarnings("removal")
  private StreamPartitioner<String, byte[]> toHome() {
    return (topic, id, value, partitions) -> Optional.of(Set.of(homes.of(id)));
  }

  private static void addStores(Topology topology, Duration retention) {
    String[] users = {Nodes.HOME, Nodes.JOIN};
    topology.addStateStore(retained(Nodes.EMBEDDINGS, retention, StoreSerdes.embedding()), users);
    topology.addStateStore(
        retained(Nodes.JOINED, retention, StoreSerdes.json(Joined.class)), users);
    topology.addStateStore(keyed(Nodes.LABELLED, StoreSerdes.labelled()), users);
    topology.addStateStore(keyed(Nodes.WAITING, StoreSerdes.pending()), users);
  }

  private static <V> StoreBuilder<KeyValueStore<String, V>> keyed(String name, Serde<V> values) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(name), Serdes.String(), values)
        .withLoggingEnabled(TopicCatalog.CHANGELOG);
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
