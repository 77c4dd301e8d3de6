package io.afina.system;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.afina.broker.TestBroker;
import io.afina.cli.service.ClassifierService;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.kafka.Publisher;
import io.afina.metrics.Traces;
import io.afina.replay.LabelledPicture;
import io.afina.replay.TopicTail;
import io.afina.topic.ReadyTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A classifier that was stopped cleanly goes on with the stores that it left on disk. */
class CleanRestartIT {

  private static final int PICTURES = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path folder;

  @Test
  void shouldGoOnWithItsStoresWhenMostOfThemAreEmpty() {
    Logger streams = (Logger) LoggerFactory.getLogger("org.apache.kafka.streams");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    streams.addAppender(log);
    try (TestBroker broker = TestBroker.startFresh()) {
      // given
      AfinaConfig config =
          ConfigLoader.defaults()
              .set("kafka.bootstrap.servers", broker.bootstrapServers())
              .set("classifier.stateDir", folder.resolve("state"))
              .set("classifier.threads", 1)
              .load();
      ReadyTopics.apply(config);
      classify(config, 1);
      List<ILoggingEvent> before = List.copyOf(log.list);

      // when
      classify(config, 2);

      // then
      List<ILoggingEvent> restart = log.list.subList(before.size(), log.list.size());
      assertThat(restart).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.ERROR));
      assertThat(restart)
          .extracting(ILoggingEvent::getFormattedMessage)
          .noneMatch(line -> line.contains("TaskCorruptedException") || line.contains("corrupted"));
    } finally {
      streams.detachAppender(log);
    }
  }

  /** Runs a classifier until it has predicted some pictures more, of this many rounds in all. */
  private static void classify(AfinaConfig config, int round) {
    try (KafkaConsumer<byte[], byte[]> predictions = TopicTail.open(config, TOPICS.predictions());
        Publisher<byte[]> images = Publisher.open(config, TOPICS.images());
        ClassifierService classifier =
            new ClassifierService(config, new SimpleMeterRegistry(), Traces.off(), swap -> {})) {
      classifier.running().join();
      LabelledPicture.drawn(round, PICTURES)
          .forEach(
              picture ->
                  images.send(
                      new ProducerRecord<>(
                          TOPICS.images().name(), picture.id() + round, picture.bytes().get())));
      images.flush();
      int[] seen = {0};
      await("the pictures are predicted")
          .atMost(PATIENCE)
          .until(() -> (seen[0] += predictions.poll(Duration.ofMillis(100)).count()) >= PICTURES);
      assertThat(seen[0]).isEqualTo(PICTURES);
    }
  }
}
