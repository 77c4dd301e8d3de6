package io.afina.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.afina.classifier.ahead.AheadQueue;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.TrustedKeys;
import io.afina.source.PictureOrigin;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierRunnerTest {

  private static final String NAME = "afina-half-started";

  @Test
  void shouldLeaveNothingRunningWhenItCannotStart(@TempDir Path state) {
    // given: meters that fail late, once the clients of Kafka are there
    MeterRegistry registry = new SimpleMeterRegistry();
    registry.config().meterFilter(new Failing());
    AfinaConfig config =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", "127.0.0.1:1")
            .set("classifier.applicationId", NAME)
            .set("classifier.stateDir", state)
            .load();

    // when
    assertThatThrownBy(
            () ->
                new ClassifierRunner(
                    config,
                    new TextEmbedder(),
                    new HeadSlot(Heads.BACKBONE, 3, TrustedKeys.anybody()),
                    registry,
                    Traces.off()))
        .hasMessage("too many meters");

    // then: a thread that was told to end takes a moment
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.contains(NAME) || name.equals("afina-dead-letters")));
  }

  @Test
  void shouldTryAgainWhatANewThreadAndProducerMayMend() {
    assertThat(
            ClassifierRunner.isPassing(
                new StreamsException("commit", new TimeoutException("30 s"))))
        .isTrue();
    assertThat(
            ClassifierRunner.isPassing(
                new StreamsException("commit", new InvalidTxnStateException("ended"))))
        .isTrue();
    assertThat(ClassifierRunner.isPassing(new InvalidStateStoreException("closed"))).isTrue();
    assertThat(
            ClassifierRunner.isPassing(
                new StreamsException("send", new RecordTooLargeException("100 bytes"))))
        .isTrue();
    assertThat(
            ClassifierRunner.isPassing(
                new StreamsException(
                    "commit",
                    new KafkaException(
                        "Unhandled error in EndTxnResponse: "
                            + Errors.UNKNOWN_SERVER_ERROR.message()))))
        .isTrue();
  }

  @Test
  void shouldEndWhereNoThreadWillFareBetter() {
    assertThat(ClassifierRunner.isPassing(new ProcessorStateException("disk full"))).isFalse();
    assertThat(
            ClassifierRunner.isPassing(
                new StreamsException("read", new AuthorizationException("not allowed"))))
        .isFalse();
    assertThat(
            ClassifierRunner.isPassing(
                new StreamsException("commit", new KafkaException("Unhandled error: not allowed"))))
        .isFalse();
    assertThat(ClassifierRunner.isPassing(new IllegalStateException("a bug"))).isFalse();
  }

  @Test
  void shouldPollTwoBatchesOfAsManyBytesAsMayBeAhead() {
    AfinaConfig config =
        ConfigLoader.defaults()
            .set("classifier.threads", 2)
            .set("classifier.aheadBytes", 64_000_000)
            .set("kafka.consumer.interceptor.classes", "mine")
            .load();
    assertThat(settings(config, 64))
        .containsEntry("consumer.max.poll.records", 128)
        .containsEntry("buffered.records.per.partition", 128)
        .containsEntry("consumer.fetch.max.bytes", 4_000_000)
        .containsEntry("consumer.max.partition.fetch.bytes", 2_000_000)
        .containsEntry(
            "main.consumer.interceptor.classes", "io.afina.classifier.ahead.AheadInterceptor,mine");
    assertThat(settings(config, 1))
        .containsEntry("consumer.max.poll.records", 16)
        .containsEntry("buffered.records.per.partition", 16)
        .doesNotContainKeys("consumer.fetch.max.bytes", "consumer.max.partition.fetch.bytes");
  }

  @Test
  void shouldGiveTransactionsTheTimeThatReferencesMayTake() {
    AfinaConfig none = ConfigLoader.defaults().set("classifier.threads", 2).load();
    assertThat(settings(none, 1)).doesNotContainKey("transaction.timeout.ms");

    // when: as many at once as the polls of two threads bring, or a quarter of it
    ConfigLoader some =
        ConfigLoader.defaults()
            .set("classifier.threads", 2)
            .set("pictures.sources", "s3://bucket/")
            .set("pictures.fetchTime", "4s")
            .set("pictures.fetches", 64);
    assertThat(settings(some.load(), 1))
        .containsEntry("consumer.max.poll.records", 32)
        .containsEntry("transaction.timeout.ms", 14_000);
    assertThat(settings(some.load(), 64))
        .containsEntry("consumer.max.poll.records", 128)
        .containsEntry("transaction.timeout.ms", 26_000);

    // then: the user's word counts
    some.set("kafka.transaction.timeout.ms", "60000");
    assertThat(settings(some.load(), 64)).containsEntry("transaction.timeout.ms", "60000");
  }

  private static Map<Object, Object> settings(AfinaConfig config, int batchSize) {
    try (AheadQueue ahead = AheadQueue.of(config, new TextEmbedder(), PictureOrigin.RECORDS)) {
      return StreamsSettings.of(config, batchSize, ahead, Map.of());
    }
  }

  private static final class Failing implements MeterFilter {
    @Override
    public MeterFilterReply accept(Meter.Id id) {
      if (id.getName().startsWith("kafka.")) {
        throw new IllegalStateException("too many meters");
      }
      return MeterFilterReply.NEUTRAL;
    }
  }
}
