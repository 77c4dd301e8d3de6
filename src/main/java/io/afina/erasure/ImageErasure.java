package io.afina.erasure;

import io.afina.classifier.join.Stray;
import io.afina.config.AfinaConfig;
import io.afina.event.Topics;
import io.afina.kafka.Homes;
import io.afina.topic.TopicCatalog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Erases images. The classifiers that have them in their stores are told by {@code strays}, and
 * write tombstones to the compacted topics.
 */
public final class ImageErasure extends Erasure {

  private final Set<String> ids;

  /**
   * Connects.
   *
   * @param patience how long classifiers may take to do what they are told
   * @throws AfinaException when a topic is missing, or the cluster does not answer or refuses
   */
  public ImageErasure(AfinaConfig config, Duration patience, Set<String> ids) {
    super(config, patience);
    this.ids = Set.copyOf(ids);
  }

  @Override
  Sought sought(List<float[]> embeddings) {
    return new SoughtImages(config(), ids, embeddings);
  }

  @Override
  List<String> words() {
    return List.of("with data", "with the id alone");
  }

  @Override
  Map<TopicPartition, Long> tell(Occurrences found) {
    Topics topics = config().topics();
    awaitDone(
        found.ends(
            List.of(topics.images().name(), topics.corrections().name(), topics.strays().name())));
    Map<TopicPartition, Long> told = send(topics.strays(), orders(found));
    awaitDone(told);
    return told;
  }

  /** Tells the home of each image, and whoever else has it in a store. */
  private Stream<ProducerRecord<String, byte[]>> orders(Occurrences found) {
    Homes homes = Homes.of(config());
    byte[] erased = new Stray.Erased(System.currentTimeMillis()).toBytes();
    List<Integer> stores = stores(found);
    String strays = config().topics().strays().name();
    return ids.stream()
        .flatMap(
            id ->
                Stream.concat(Stream.of(homes.of(id)), stores.stream())
                    .distinct()
                    .map(partition -> new ProducerRecord<>(strays, partition, id, erased)));
  }

  /** The tasks that have any of them in a store: a changelog has the partition of its task. */
  private List<Integer> stores(Occurrences found) {
    Set<String> known = Set.copyOf(TopicCatalog.load(config().topics()).names());
    return found.all().stream()
        .map(Occurrence::partition)
        .filter(partition -> !known.contains(partition.topic()))
        .map(TopicPartition::partition)
        .distinct()
        .toList();
  }
}
