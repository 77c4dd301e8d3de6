package io.afina.walk;

import static io.afina.DefaultTopics.TOPICS;

import io.afina.config.AfinaConfig;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.Worker;
import io.afina.replay.LabelledPicture;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Drawn pictures, ten a second unless another rate is asked for, each with an id of its own. */
public final class Load implements AutoCloseable {

  private static final String ID = "picture-";

  private final List<LabelledPicture> pictures = LabelledPicture.drawn(1, 20);
  private final AtomicInteger published = new AtomicInteger();
  private final AfinaConfig config;
  private final List<byte[]> values;
  private final @Nullable String contentType;
  private volatile Duration between;
  private CountDownLatch enough = new CountDownLatch(1);
  private @Nullable Worker worker;

  public Load(AfinaConfig config) {
    this(config, Duration.ofMillis(100));
  }

  /**
   * @param between two pictures
   */
  public Load(AfinaConfig config, Duration between) {
    this.config = config;
    this.between = between;
    this.values = pictures.stream().map(picture -> picture.bytes().get()).toList();
    this.contentType = null;
  }

  /**
   * References to one picture.
   *
   * @param between two of them
   */
  public Load(AfinaConfig config, Duration between, URI picture) {
    this.config = config;
    this.between = between;
    this.values = List.of(picture.toString().getBytes(StandardCharsets.UTF_8));
    this.contentType = "text/uri-list";
  }

  /** Goes on at another pace. */
  public void pace(Duration between) {
    this.between = between;
  }

  /** Goes on with a new producer, which knows all partitions that there are. */
  public void start() {
    enough = new CountDownLatch(1);
    CountDownLatch end = enough;
    worker = new Worker("test-load", () -> publish(end), end::countDown);
  }

  /** Ends once all that was published has arrived. */
  public void stop() {
    if (worker != null) {
      worker.close();
      worker.ended().join();
      worker = null;
    }
  }

  public int published() {
    return published.get();
  }

  /** What is on the picture of this id. */
  public String label(String id) {
    return pictures.get(Integer.parseInt(id.substring(ID.length())) % pictures.size()).label();
  }

  @Override
  public void close() {
    stop();
  }

  private void publish(CountDownLatch end) {
    try (Publisher<byte[]> images = Publisher.open(config, TOPICS.images())) {
      while (!end.await(between.toMillis(), TimeUnit.MILLISECONDS)) {
        int n = published.getAndIncrement();
        ProducerRecord<String, byte[]> image =
            new ProducerRecord<>(TOPICS.images().name(), ID + n, values.get(n % values.size()));
        if (contentType != null) {
          image.headers().add("content-type", contentType.getBytes(StandardCharsets.UTF_8));
        }
        images.send(image);
      }
      images.flush();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
