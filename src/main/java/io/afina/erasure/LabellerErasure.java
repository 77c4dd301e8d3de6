package io.afina.erasure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.config.AfinaConfig;
import io.afina.event.Json;
import io.afina.event.Topics;
import io.afina.event.Withdrawal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Erases a labeller: what he said of images, or his name alone. It is withdrawn on {@code
 * corrections}, so that classifiers and pages follow; what is replaced on compacted topics goes as
 * they are compacted.
 */
public final class LabellerErasure extends Erasure {

  private final String labeller;
  private final boolean keepLabels;

  /**
   * Connects.
   *
   * @param patience how long classifiers may take to do what they are told
   * @param keepLabels whether labels stay, as the word of those of whom nothing is known
   * @throws io.afina.lifecycle.AfinaException when a topic is missing, or the cluster does not
   *     answer or refuses
   */
  public LabellerErasure(
      AfinaConfig config, Duration patience, String labeller, boolean keepLabels) {
    super(config, patience);
    this.labeller = labeller;
    this.keepLabels = keepLabels;
  }

  @Override
  Sought sought(List<float[]> embeddings) {
    return new SoughtLabeller(labeller);
  }

  @Override
  List<String> words() {
    return List.of("with the name", "that replace or withdraw one");
  }

  @Override
  Map<TopicPartition, Long> tell(Occurrences found) {
    Topics topics = config().topics();
    awaitDone(found.ends(List.of(topics.corrections().name(), topics.strays().name())));
    Instant now = Instant.now();
    byte[] withdrawal = Json.write(new Withdrawal(labeller, now, null, keepLabels));
    String corrections = topics.corrections().name();
    Map<TopicPartition, Long> told =
        send(
            topics.correctionsAndWithdrawals(),
            images(found).stream()
                .map(image -> new ProducerRecord<>(corrections, image, withdrawal)));
    awaitDone(told);
    // Those that came to another task than the image's are on their way home.
    String strays = topics.strays().name();
    awaitDone(find(List.of(strays)).ends(List.of(strays)));
    return told;
  }

  /** The images of which he has said something that is not withdrawn. */
  private Set<String> images(Occurrences found) {
    Topics topics = config().topics();
    int longest = config().pictures().maxKeyBytes();
    return Stream.of(topics.corrections(), topics.training())
        .flatMap(topic -> found.withData(topic.name()).stream())
        .filter(key -> !key.isEmpty() && key.length() <= longest)
        .map(key -> new String(key.getBytes(ISO_8859_1), UTF_8))
        .collect(Collectors.toSet());
  }
}
