package io.afina.system;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.Child;
import io.afina.Ports;
import io.afina.broker.TestBroker;
import io.afina.cli.Afina;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.Worker;
import io.afina.replay.LabelledPicture;
import io.afina.replay.TopicTail;
import io.afina.topic.ReadyTopics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two classifiers under ten pictures a second, restarted as an orchestrator does it. */
class RollingRestartIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int UNDER_WAY = 20;
  private static final Duration BETWEEN_PICTURES = Duration.ofMillis(100);

  /** What is wanted is 2 s; two cores that others use too are slower. */
  private static final Duration LONGEST_GAP =
      Duration.ofMillis(Integer.getInteger("afina.gap", 5_000));

  /** Of the members of the group: what is recommended, or another to compare with. */
  private static final int SESSION_MILLIS = Integer.getInteger("afina.session", 45_000);

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger published = new AtomicInteger();
  private final CountDownLatch enough = new CountDownLatch(1);
  private final Map<String, Integer> predicted = new HashMap<>();
  private final Map<Integer, Long> lastOfPartition = new HashMap<>();
  private long last;
  private Duration gap = Duration.ZERO;

  /** A classifier process and where it says how it is. */
  private record Instance(String name, Child child, int port) {}

  @Test
  void shouldPredictWithoutAGapWhenReadinessAloneSaysWhoIsNext() throws Exception {
    try (TestBroker broker = TestBroker.startFresh();
        Closer children = new Closer()) {
      // given
      AfinaConfig config = config(broker);
      try (KafkaConsumer<byte[], byte[]> predictions =
              TopicTail.open(config, TOPICS.predictions());
          Worker load = load(config)) {
        assertThat(load.ended()).isNotDone();
        Instance one = start(children, broker, "one");
        Instance two = start(children, broker, "two");
        readUntilReady(predictions, one);
        readUntilReady(predictions, two);
        gap = Duration.ZERO;

        // when
        for (Instance before : List.of(one, two)) {
          long start = System.nanoTime();
          before.child().signal("TERM");
          readUntil(predictions, () -> !before.child().isAlive());
          Instance after = start(children, broker, before.name());
          readUntilReady(predictions, after);
          say("restarted in %d ms".formatted(millisSince(start)));
        }
        enough.countDown();
        Duration longest = gap;
        readUntil(predictions, () -> predicted.size() >= published.get() && load.ended().isDone());

        // then
        say("longest gap %d ms, %d pictures".formatted(longest.toMillis(), published.get()));
        assertThat(longest).isLessThan(LONGEST_GAP);
        assertThat(predicted).allSatisfy((id, count) -> assertThat(count).as(id).isOne());
      }
    }
  }

  @Test
  @Tag("nightly")
  void shouldComeBackToItsPartitionsAfterACrashAndLoseThemAfterASession() throws Exception {
    try (TestBroker broker = TestBroker.startFresh();
        Closer children = new Closer()) {
      // given
      AfinaConfig config = config(broker);
      try (KafkaConsumer<byte[], byte[]> predictions =
              TopicTail.open(config, TOPICS.predictions());
          Worker load = load(config)) {
        assertThat(load.ended()).isNotDone();
        Instance one = start(children, broker, "one");
        Instance two = start(children, broker, "two");
        readUntilReady(predictions, one);
        readUntilReady(predictions, two);
        readUntilShared(predictions, config);

        // when: it comes back, and then it does not
        long back = silence(predictions, one, () -> start(children, broker, "one"));
        readUntilShared(predictions, config);
        long away = silence(predictions, two, () -> {});
        enough.countDown();

        // then
        say("its partitions stood for %d ms with a restart, %d ms without".formatted(back, away));
        assertThat(away).isBetween(SESSION_MILLIS - 5_000L, SESSION_MILLIS + 60_000L);
        readUntil(predictions, () -> predicted.size() >= published.get() && load.ended().isDone());
        assertThat(predicted).allSatisfy((id, count) -> assertThat(count).as(id).isOne());
      }
    }
  }

  /** Kills one and gives the longest time, in milliseconds, until all partitions go on. */
  private long silence(
      KafkaConsumer<byte[], byte[]> predictions, Instance instance, Runnable restart)
      throws Exception {
    instance.child().kill();
    long killed = System.nanoTime();
    restart.run();
    int partitions = lastOfPartition.size();
    readUntil(
        predictions,
        () ->
            lastOfPartition.values().stream().filter(at -> at - killed > 2_000_000_000L).count()
                >= partitions);
    return millisSince(killed);
  }

  private Instance start(Closer children, TestBroker broker, String name) {
    int port = Ports.free();
    Child child =
        Child.start(
            folder,
            name,
            List.of("-Xmx512m"),
            Afina.class,
            List.of(
                "classify",
                "--bootstrap-servers=" + broker.bootstrapServers(),
                "--threads=1",
                "--instance-id=" + name,
                "--set=kafka.main.consumer.session.timeout.ms=" + SESSION_MILLIS,
                "--state-dir=" + folder.resolve("state-" + name),
                "--management-port=" + port));
    return new Instance(name, children.own(child), port);
  }

  private boolean isReady(Instance instance) {
    URI ready = URI.create("http://127.0.0.1:%d/health/ready".formatted(instance.port()));
    try {
      HttpRequest request = HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(1)).build();
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void readUntilReady(KafkaConsumer<byte[], byte[]> predictions, Instance instance) {
    readUntil(predictions, () -> isReady(instance));
  }

  /** Each of both has partitions, and nothing to catch up with. */
  private void readUntilShared(KafkaConsumer<byte[], byte[]> predictions, AfinaConfig config) {
    try (Admin admin = Admin.create(Map.copyOf(config.kafka()))) {
      readUntil(
          predictions,
          () ->
              published.get() - predicted.size() < UNDER_WAY
                  && holders(admin, config.classifier().applicationId()) == 2);
    }
  }

  private static long holders(Admin admin, String group) throws Exception {
    ConsumerGroupDescription described =
        Objects.requireNonNull(
                admin.describeConsumerGroups(List.of(group)).describedGroups().get(group))
            .get();
    return described.members().stream()
        .filter(member -> !member.assignment().topicPartitions().isEmpty())
        .count();
  }

  private void readUntil(KafkaConsumer<byte[], byte[]> predictions, Callable<Boolean> enough) {
    await("what the test waits for")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              predictions.poll(Duration.ofMillis(50)).forEach(this::seen);
              return enough.call();
            });
  }

  private void seen(ConsumerRecord<byte[], byte[]> prediction) {
    long now = System.nanoTime();
    Duration since = Duration.ofNanos(last == 0 ? 0 : now - last);
    gap = since.compareTo(gap) > 0 ? since : gap;
    last = now;
    lastOfPartition.put(prediction.partition(), now);
    predicted.merge(new String(prediction.key(), StandardCharsets.UTF_8), 1, Integer::sum);
  }

  private Worker load(AfinaConfig config) {
    return new Worker("test-load", () -> publish(config), enough::countDown);
  }

  private void publish(AfinaConfig config) {
    List<byte[]> pictures =
        LabelledPicture.drawn(1, 20).stream().map(picture -> picture.bytes().get()).toList();
    try (Publisher<byte[]> images = Publisher.open(config, TOPICS.images())) {
      while (!enough.await(BETWEEN_PICTURES.toMillis(), TimeUnit.MILLISECONDS)) {
        int n = published.getAndIncrement();
        images.send(
            new ProducerRecord<>(
                TOPICS.images().name(), "picture-" + n, pictures.get(n % pictures.size())));
      }
      images.flush();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static AfinaConfig config(TestBroker broker) {
    AfinaConfig config =
        ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
    ReadyTopics.apply(config);
    return config;
  }

  private static long millisSince(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  private static void say(String what) {
    System.out.println("rolling restart: " + what);
  }
}
