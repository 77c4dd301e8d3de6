package io.afina.replay;

import io.afina.config.AfinaConfig;
import io.afina.lifecycle.Closer;
import io.afina.model.HeadCard;
import io.afina.model.HeadFile;
import io.afina.model.ModelLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Waits until corrections were learned: until a head was trained past the offsets of their examples
 * and judged. Whether that head became the champion is the gate's decision.
 */
public final class LearnedWatch implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(50);

  private final Closer closer = new Closer();
  private final KafkaConsumer<byte[], byte[]> training;
  private final ModelLog models;
  private final Set<String> examples = new HashSet<>();
  private final Map<Integer, Long> last = new HashMap<>();

  /** Sees the examples that come from now on. */
  public LearnedWatch(AfinaConfig config) {
    training = closer.own(TopicTail.open(config, config.topics().training()));
    models = closer.own(ModelLog.open(config));
    models.readToEnd();
  }

  /**
   * Waits until the newest head knows the examples of these images, and says whether it came to
   * that.
   */
  public boolean await(Set<String> ids, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < deadline) {
      training.poll(POLL).forEach(this::note);
      models.poll(Duration.ZERO);
      if (examples.containsAll(ids) && newest().filter(this::knowsAll).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** The card of the newest head that this has seen, whatever became of it. */
  public Optional<HeadCard> newest() {
    return models.head(models.newest()).flatMap(HeadFile::card);
  }

  @Override
  public void close() {
    closer.close();
  }

  private void note(ConsumerRecord<byte[], byte[]> record) {
    examples.add(new String(record.key(), StandardCharsets.UTF_8));
    last.put(record.partition(), record.offset());
  }

  private boolean knowsAll(HeadCard card) {
    return last.entrySet().stream()
        .allMatch(e -> card.training().offsets().getOrDefault(e.getKey(), 0L) > e.getValue());
  }
}
