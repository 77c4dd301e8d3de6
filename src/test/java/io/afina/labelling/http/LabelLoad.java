package io.afina.labelling.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.broker.EmbeddedBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Prediction.Position;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.labelling.NoActions;
import io.afina.metrics.Traces;
import io.afina.model.Measures.Method;
import io.afina.model.Verdict.Decision;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Load by hand: 50 labellers who answer once a second, each fetching its picture and listening to
 * the panel, after a thousand heads, over a broker in the same process. Prints percentiles of every
 * kind of request in milliseconds, and what a listener was sent.
 */
final class LabelLoad {

  private static final int LABELLERS = 50;
  private static final int DIMENSIONS = 1280;
  private static final int SECONDS = 40;
  private static final int WARM_UP = 10;
  private static final int HEADS = 1000;

  private static final HttpClient HTTP =
      HttpClient.newBuilder().executor(Executors.newCachedThreadPool()).build();

  private LabelLoad() {}

  public static void main(String[] arguments) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.startFresh();
        Asked asked = new Asked(broker.bootstrapServers())) {
      Asked.applyTopics(broker.bootstrapServers());
      for (int version = 1; version <= HEADS; version++) {
        ManyHeads.publish(
            asked, version, Decision.PROMOTED, Method.HOLDOUT, 90, 100, 0, "ant", "bee");
      }
      ManyHeads.alias(asked, "champion", HEADS, HEADS - 1);
      Random random = new Random(1);
      asked.about("load-", LABELLERS * SECONDS + 500, (at, n) -> item(at, n, random));
      AfinaConfig config =
          ConfigLoader.defaults()
              .set("kafka.bootstrap.servers", broker.bootstrapServers())
              .set("labelling.port", 0)
              .set("labelling.openItems", 10_000)
              .set("labelling.leasesPerLabeller", 1000)
              .set("labelling.requestsPerSecond", 5000)
              .load();
      try (LabelServer server =
          new LabelServer(config, new NoActions(), new SimpleMeterRegistry(), Traces.off())) {
        run(server.address());
      }
    }
    System.exit(0);
  }

  /** Items with embeddings, which are compared with one another. */
  private static ReviewItem item(Position at, int n, Random random) {
    ReviewItem asked = Asked.item(at, ReviewReason.UNCERTAIN, n);
    float[] embedding = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      embedding[i] = (float) random.nextGaussian();
    }
    return ReviewItem.of(asked.prediction(), asked.reason(), asked.uncertainty(), embedding);
  }

  /** The times of every kind of request, in microseconds, and how many answers were taken. */
  private record Times(
      ConcurrentHistogram take,
      ConcurrentHistogram picture,
      ConcurrentHistogram answer,
      AtomicInteger answers,
      LongAdder events,
      LongAdder eventBytes) {

    Times() {
      this(
          new ConcurrentHistogram(3),
          new ConcurrentHistogram(3),
          new ConcurrentHistogram(3),
          new AtomicInteger(),
          new LongAdder(),
          new LongAdder());
    }
  }

  private static void run(String address) throws InterruptedException {
    Times times = new Times();
    TimeUnit.SECONDS.sleep(5);
    ExecutorService labellers = Executors.newFixedThreadPool(LABELLERS);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < LABELLERS; i++) {
      int number = i;
      all.add(CompletableFuture.runAsync(() -> label(address, number, start, times), labellers));
    }
    all.forEach(CompletableFuture::join);
    labellers.shutdown();
    System.out.printf("%d answers%n", times.answers().get());
    System.out.printf(
        "panel    n %5d  bytes an event %.0f%n",
        times.events().sum(), (double) times.eventBytes().sum() / times.events().sum());
    print("take", times.take());
    print("picture", times.picture());
    print("answer", times.answer());
  }

  /** Works through the turns of one labeller. */
  private static void label(String address, int number, long start, Times times) {
    Client client = Client.open(address);
    listen(address, times);
    for (int turn = 0; turn < SECONDS - 1; turn++) {
      waitUntil(start + (long) ((turn + number / (double) LABELLERS) * 1e9));
      turn(client, "page-" + number, turn >= WARM_UP, times);
    }
  }

  private static void listen(String address, Times times) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + "/api/events"))
            .header("Accept", "text/event-stream")
            .build();
    var unused =
        HTTP.sendAsync(request, BodyHandlers.ofLines())
            .thenAccept(
                response ->
                    response
                        .body()
                        .filter(line -> line.startsWith("data:"))
                        .forEach(
                            line -> {
                              times.events().increment();
                              times.eventBytes().add(line.length());
                            }));
  }

  private static void turn(Client client, String page, boolean counts, Times times) {
    long t0 = System.nanoTime();
    JsonNode items =
        client
            .json("POST", "/api/items", "{\"page\": \"%s\", \"count\": 1}".formatted(page))
            .get("items");
    record(times.take(), t0, counts);
    if (items.isEmpty()) {
      return;
    }
    t0 = System.nanoTime();
    client.bytes(items.get(0).get("picture").asText());
    record(times.picture(), t0, counts);
    t0 = System.nanoTime();
    int status =
        client
            .send(
                "POST",
                "/api/answers",
                "{\"page\": \"%s\", \"item\": %s, \"label\": \"bee\"}"
                    .formatted(page, items.get(0).get("item")))
            .statusCode();
    record(times.answer(), t0, counts);
    if (status == 204) {
      times.answers().incrementAndGet();
    }
  }

  private static void record(ConcurrentHistogram histogram, long since, boolean counts) {
    if (counts) {
      histogram.recordValue((System.nanoTime() - since) / 1000);
    }
  }

  private static void print(String name, ConcurrentHistogram micros) {
    System.out.printf(
        "%-8s n %5d  p50 %6.1f  p99 %6.1f  max %6.1f%n",
        name,
        micros.getTotalCount(),
        micros.getValueAtPercentile(50) / 1000.0,
        micros.getValueAtPercentile(99) / 1000.0,
        micros.getMaxValue() / 1000.0);
  }

  private static void waitUntil(long nanoTime) {
    try {
      TimeUnit.NANOSECONDS.sleep(Math.max(0, nanoTime - System.nanoTime()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
