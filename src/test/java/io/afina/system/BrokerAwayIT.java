package io.afina.system;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.afina.Child;
import io.afina.broker.ContainerBroker;
import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.kafka.Publisher;
import io.afina.replay.LabelledPicture;
import io.afina.topic.ReadyTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The network to the broker is gone for a time, while pictures come. */
class BrokerAwayIT {

  private static final int PICTURES = Integer.getInteger("afina.pictures", 240);
  private static final int BEFORE = 100;
  private static final Duration EVERY = Duration.ofMillis(100);

  /** Longer than a transaction may take (10 s). */
  private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("afina.away", 13));

  @TempDir Path folder;

  @BeforeEach
  void requireAnEngine() {
    assumeTrue(TestBroker.inContainers(), "there is no Docker engine");
  }

  @Test
  void shouldLoseAndDoubleNothingWhenTheBrokerIsAwayUnderLoad() throws Exception {
    try (ContainerBroker broker = ContainerBroker.startFresh()) {
      // given
      AfinaConfig config =
          ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
      ReadyTopics.apply(config);
      try (Tally tally = new Tally(config);
          Publisher<byte[]> images = Publisher.open(config, TOPICS.images());
          Child classifier = classifier(broker).awaitOutput("classifying with")) {
        AtomicInteger sent = new AtomicInteger();
        ScheduledExecutorService upstream = publish(images, sent);
        tally.readUntil(() -> tally.seen() >= BEFORE);

        // when
        broker.pause();
        int sentBefore = sent.get();
        await("the broker is away").pollDelay(AWAY).atMost(AWAY.multipliedBy(2)).until(() -> true);
        int sentMeanwhile = sent.get() - sentBefore;
        broker.resume();

        // then
        tally.readUntil(() -> tally.seen() >= PICTURES);
        upstream.shutdown();
        images.flush();
        tally.readToEnd();
        assertThat(sentMeanwhile).isGreaterThan(BEFORE / 2);
        assertThat(tally.counts()).as(classifier::output).hasSize(PICTURES);
        assertThat(tally.counts()).allSatisfy((id, count) -> assertThat(count).as(id).isOne());
        assertThat(tally.deadLetters()).isZero();
      }
    }
  }

  /** Ten pictures a second, whether or not the broker is there. */
  private static ScheduledExecutorService publish(Publisher<byte[]> images, AtomicInteger sent) {
    List<byte[]> pictures =
        LabelledPicture.drawn(1, 20).stream().map(picture -> picture.bytes().get()).toList();
    ScheduledExecutorService upstream = Executors.newSingleThreadScheduledExecutor();
    var unused =
        upstream.scheduleAtFixedRate(
            () -> {
              int n = sent.get();
              if (n < PICTURES) {
                byte[] picture = pictures.get(n % pictures.size());
                images.send(new ProducerRecord<>(TOPICS.images().name(), "picture-" + n, picture));
                sent.incrementAndGet();
              }
            },
            0,
            EVERY.toMillis(),
            TimeUnit.MILLISECONDS);
    return upstream;
  }

  private Child classifier(ContainerBroker broker) {
    return Child.start(
        folder,
        "classify",
        "-b",
        broker.bootstrapServers(),
        "--threads",
        "1",
        "--instance-id",
        "one",
        "--state-dir",
        folder.resolve("state").toString());
  }
}
