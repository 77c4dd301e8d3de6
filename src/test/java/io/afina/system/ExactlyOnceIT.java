package io.afina.system;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Child;
import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.Closer;
import io.afina.replay.LabelledPicture;
import io.afina.topic.ReadyTopics;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills a classifier with -9, at random moments and once in the middle of a transaction, and
 * counts. More of it in the long form: {@code -Pnightly}, or {@code -Dafina.pictures=5000
 * -Dafina.kills=10} by hand.
 */
class ExactlyOnceIT {

  private static final int PICTURES = Integer.getInteger("afina.pictures", 500);
  private static final int KILLS = Integer.getInteger("afina.kills", 2);
  private static final String READY = "classifying with";

  @TempDir Path folder;

  /** None may outlive its test: the next one has the same broker. */
  private final Closer children = new Closer();

  @Test
  void shouldPredictEveryPictureOnceHoweverOftenTheClassifierIsKilled() throws Exception {
    killAndCount(64, 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  @Tag("nightly")
  void shouldPredictEveryPictureOnceWithoutBatchesAndWithSmallOnes(int batch) throws Exception {
    killAndCount(batch, 2);
  }

  @Test
  @Tag("nightly")
  void shouldLoseAndDoubleNothingInARollingRestartUnderLoad() throws Exception {
    try (TestBroker broker = TestBroker.startFresh();
        children) {
      // given
      AfinaConfig config =
          ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
      ReadyTopics.apply(config);
      try (Tally tally = new Tally(config)) {
        Child one = start(broker, "one", 1, 1).awaitOutput(READY);
        Child two = start(broker, "two", 1, 1).awaitOutput(READY);
        publish(config);

        // when
        tally.readUntil(() -> tally.seen() >= PICTURES / 10);
        one.stop();
        one = start(broker, "one", 1, 1).awaitOutput(READY);
        two.stop();
        two = start(broker, "two", 1, 1);

        // then
        tally.readUntil(() -> tally.seen() >= PICTURES);
        tally.readToEnd();
        one.stop();
        two.stop();
        assertThat(tally.counts()).as(one::output).hasSize(PICTURES);
        assertThat(tally.counts()).allSatisfy((id, count) -> assertThat(count).as(id).isOne());
      }
    }
  }

  private void killAndCount(int batch, int threads) throws Exception {
    try (TestBroker broker = TestBroker.startFresh();
        children) {
      // given
      AfinaConfig config =
          ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
      ReadyTopics.apply(config);
      try (Tally tally = new Tally(config)) {
        Child classifier = start(broker, batch, threads);
        publish(config);

        // when
        SplittableRandom random = new SplittableRandom(batch);
        for (int kill = 1; kill < KILLS; kill++) {
          int until = PICTURES * kill / (KILLS + 1) + random.nextInt(PICTURES / (4 * KILLS));
          tally.readUntil(() -> tally.seen() >= until);
          classifier.kill();
          classifier = start(broker, batch, threads);
        }
        int middle = PICTURES * KILLS / (KILLS + 1);
        tally.readUntil(() -> tally.seen() >= middle && tally.transactionIsOpen());
        classifier.kill();
        classifier = start(broker, batch, threads);

        // then
        tally.readUntil(() -> tally.seen() >= PICTURES);
        classifier.stop();
        tally.readToEnd();
        assertThat(tally.counts()).as(classifier::output).hasSize(PICTURES);
        assertThat(tally.counts()).allSatisfy((id, count) -> assertThat(count).as(id).isOne());
        assertThat(tally.deadLetters()).isZero();
      }
    }
  }

  private Child start(TestBroker broker, int batch, int threads) {
    return start(broker, "batch-" + batch, batch, threads);
  }

  private Child start(TestBroker broker, String name, int batch, int threads) {
    return children.own(
        Child.start(
            folder,
            "classify",
            "-b",
            broker.bootstrapServers(),
            "--threads",
            "" + threads,
            "--instance-id",
            name,
            "--state-dir",
            folder.resolve(name).toString(),
            "--set",
            "classifier.batchSize=" + batch));
  }

  private static void publish(AfinaConfig config) {
    List<byte[]> pictures =
        LabelledPicture.drawn(1, 20).stream().map(picture -> picture.bytes().get()).toList();
    try (Publisher<byte[]> images = Publisher.open(config, TOPICS.images())) {
      for (int i = 0; i < PICTURES; i++) {
        images.send(
            new ProducerRecord<>(
                TOPICS.images().name(), "picture-" + i, pictures.get(i % pictures.size())));
      }
      images.flush();
    }
  }
}
