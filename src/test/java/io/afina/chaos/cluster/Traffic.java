package io.afina.chaos.cluster;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.config.AfinaConfig;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.Worker;
import io.afina.replay.LabelledPicture;
import io.afina.replay.TopicTail;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Ten pictures a second, and what readers of committed records see of their outcomes. */
final class Traffic implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Duration BETWEEN_PICTURES = Duration.ofMillis(100);

  private final Map<String, Long> published = new ConcurrentHashMap<>();
  private final Map<String, Integer> outcomes = new HashMap<>();
  private final CountDownLatch enough = new CountDownLatch(1);
  private final KafkaConsumer<byte[], byte[]> reader;
  private final Worker load;
  private long longestNanos;

  Traffic(AfinaConfig config) {
    reader = TopicTail.open(config, TOPICS.predictions(), TOPICS.deadLetters());
    load = new Worker("test-load", () -> publish(config), enough::countDown);
  }

  int pictures() {
    return published.size();
  }

  /** The longest that a picture has waited for its outcome since this was asked last. */
  Duration longestWait() {
    Duration longest = Duration.ofNanos(longestNanos);
    longestNanos = 0;
    return longest;
  }

  /** Reads until something is so. */
  void readUntil(String what, Callable<Boolean> isSo) {
    await(what)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              read(Duration.ofMillis(50));
              return isSo.call();
            });
  }

  /** Reads until all pictures that were published before have an outcome, and some more. */
  void readOn(int more) {
    int until = published.size() + more;
    readUntil("%d outcomes".formatted(until), () -> outcomes.size() >= until);
  }

  /** Reads for so long. */
  void readFor(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    readUntil("%s pass".formatted(time), () -> System.nanoTime() >= end);
  }

  /** Publishes no more and reads until every picture has an outcome. */
  void end() {
    load.close();
    readUntil("each picture has its outcome", () -> outcomes.size() >= published.size());
  }

  /** Reads what is left, and asserts that each picture had one outcome: its prediction. */
  void assertOneOutcomeEach() {
    int more = 1;
    while (more > 0) {
      more = read(Duration.ofSeconds(3));
    }
    assertThat(load.ended()).isCompleted();
    assertThat(outcomes.keySet()).isEqualTo(published.keySet());
    assertThat(outcomes).allSatisfy((id, count) -> assertThat(count).as(id).isOne());
  }

  @Override
  public void close() {
    load.close();
    reader.close();
  }

  private int read(Duration timeout) {
    var records = reader.poll(timeout);
    records.forEach(this::seen);
    return records.count();
  }

  private void seen(ConsumerRecord<byte[], byte[]> outcome) {
    String id = new String(outcome.key(), StandardCharsets.UTF_8);
    assertThat(outcome.topic()).as(id).isEqualTo(TOPICS.predictions().name());
    outcomes.merge(id, 1, Integer::sum);
    longestNanos = Math.max(longestNanos, System.nanoTime() - published.get(id));
  }

  private void publish(AfinaConfig config) {
    List<byte[]> pictures =
        LabelledPicture.drawn(1, 20).stream().map(picture -> picture.bytes().get()).toList();
    try (Publisher<byte[]> images = Publisher.open(config, TOPICS.images())) {
      for (int n = 0; !enough.await(BETWEEN_PICTURES.toMillis(), TimeUnit.MILLISECONDS); n++) {
        String id = "picture-" + n;
        published.put(id, System.nanoTime());
        byte[] picture = pictures.get(n % pictures.size());
        images.send(new ProducerRecord<>(TOPICS.images().name(), id, picture));
      }
      images.flush();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
