package io.afina.cli;

import static io.afina.DefaultTopics.TOPICS;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.afina.broker.TestBroker;
import io.afina.cli.service.ClassifierService;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.DeadLetter;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.Worker;
import io.afina.metrics.Traces;
import io.afina.replay.LabelledPicture;
import io.afina.replay.TopicTail;
import io.afina.topic.ReadyTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Measures how fast pictures are classified that are fetched from a slow server, by two stream
 * threads with exactly-once, with few and with many fetches at once. Arguments: how many pictures,
 * the milliseconds that the server takes for each, a folder of pictures with a folder a label, and
 * a backbone; without it the built-in one.
 */
final class ReferencesBench {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final int count;
  private final long delayMillis;
  private final List<LabelledPicture> pictures;
  private final Optional<String> backbone;

  private ReferencesBench(String[] args) {
    count = Integer.parseInt(args[0]);
    delayMillis = Long.parseLong(args[1]);
    pictures = LabelledPicture.folder(Path.of(args[2]), 1);
    backbone = Stream.of(args).skip(3).findFirst();
  }

  /** Prints pictures a second: as many fetches as threads, and as many as by default. */
  public static void main(String[] args) throws Exception {
    ReferencesBench bench = new ReferencesBench(args);
    for (int fetches : new int[] {2, ConfigLoader.defaults().load().pictures().fetches()}) {
      bench.run(fetches);
    }
  }

  private void run(int fetches) throws Exception {
    try (Closer closer = new Closer()) {
      TestBroker broker = closer.own(TestBroker.startAlone());
      HttpServer server = serve(closer);
      String address = "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
      ConfigLoader settings =
          ConfigLoader.defaults()
              .set("kafka.bootstrap.servers", broker.bootstrapServers())
              .set("classifier.stateDir", Files.createTempDirectory("afina-references-"))
              .set("classifier.threads", 2)
              .set("pictures.sources", address)
              .set("pictures.fetches", fetches);
      backbone.ifPresent(own -> settings.set("backbone.address", own));
      AfinaConfig config = settings.load();
      ReadyTopics.apply(config);
      KafkaConsumer<byte[], byte[]> outcomes =
          closer.own(TopicTail.open(config, TOPICS.predictions(), TOPICS.deadLetters()));
      ClassifierService classifier =
          closer.own(
              new ClassifierService(config, new SimpleMeterRegistry(), Traces.off(), swap -> {}));
      classifier.running().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      Publisher<byte[]> images = closer.own(Publisher.open(config, TOPICS.images()));
      for (String turn : List.of("warm-up", "measured")) {
        double seconds = classify(images, outcomes, address);
        System.out.printf(
            "%s: %d fetches at once, %d references of %d ms: %.1f s, %.1f pictures/s%n",
            turn, fetches, count, delayMillis, seconds, count / seconds);
      }
    }
  }

  /** Seconds from the first reference until the last picture has its prediction. */
  private double classify(
      Publisher<byte[]> images, KafkaConsumer<byte[], byte[]> outcomes, String address) {
    long start = System.nanoTime();
    for (int n = 0; n < count; n++) {
      images.send(References.to(TOPICS.images().name(), "image-" + n, URI.create(address + n)));
    }
    images.flush();
    int seen = 0;
    while (seen < count) {
      for (ConsumerRecord<byte[], byte[]> outcome : outcomes.poll(Duration.ofMillis(20))) {
        if (outcome.topic().equals(TOPICS.deadLetters().name())) {
          throw new IllegalStateException(DeadLetter.from(outcome.headers()).toString());
        }
        seen++;
      }
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IllegalStateException("%d of %d have an outcome".formatted(seen, count));
      }
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private HttpServer serve(Closer closer) throws IOException {
    ExecutorService threads = Worker.pool("slow-server", 2 * count);
    closer.own(threads::shutdownNow);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), count);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    closer.own(() -> server.stop(0));
    return server;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      int n = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
      byte[] picture = pictures.get(n % pictures.size()).bytes().get();
      new CountDownLatch(1).await(delayMillis, TimeUnit.MILLISECONDS);
      exchange.sendResponseHeaders(200, picture.length);
      exchange.getResponseBody().write(picture);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
