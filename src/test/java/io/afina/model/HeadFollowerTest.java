package io.afina.model;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.decide.Acceptance;
import io.afina.decide.DoubtRecord;
import io.afina.event.AliasRecord;
import io.afina.event.Json;
import io.afina.event.ModelKey;
import io.afina.metrics.HeadMeters;
import io.afina.metrics.Traces;
import io.afina.model.HeadRefusedException.Refusal;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class HeadFollowerTest {

  private static final TopicPartition PARTITION = new TopicPartition(TOPICS.models().name(), 0);

  private final List<MockConsumer<String, byte[]>> consumers = new ArrayList<>();
  private final List<SwapResult> reported = new ArrayList<>();
  private final HeadSlot slot = new HeadSlot(Heads.BACKBONE, 2, TrustedKeys.anybody());
  private final ModelLog log = new ModelLog(TOPICS.models().name(), this::consumer);
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private Optional<String> missing = Optional.empty();
  private long next;

  @Test
  void shouldPutTheChampionAndTheChallengerInPlace() {
    // given
    fetchable(0, Heads.identity(1, "ant", "bee"));
    head(Heads.identity(1, "ant", "bee"));
    head(Heads.identity(2, "ant", "bee"));
    alias(ModelKey.CHAMPION, 1);
    alias(ModelKey.CHALLENGER, 2);

    // when
    follow();

    // then
    assertThat(slot.head().map(Head::version)).contains(1L);
    assertThat(slot.challenger().map(Head::version)).contains(2L);
    assertThat(missing).isEmpty();
    assertThat(meters.get("afina.champion.version").gauge().value()).isEqualTo(1);
    assertThat(meters.get("afina.challenger.version").gauge().value()).isEqualTo(2);
    assertThat(meters.get("afina.head.swap").tag("place", "champion").timer().count()).isOne();
    assertThat(reported).hasSize(1);
  }

  @Test
  void shouldKeepTheOldHeadWhenTheChampionIsMissing() {
    // given
    slot.swap(1, Heads.file(Heads.identity(1, "ant", "bee")));
    alias(ModelKey.CHAMPION, 9);

    // when
    follow();

    // then
    assertThat(slot.head().map(Head::version)).contains(1L);
    assertThat(reported)
        .singleElement()
        .isInstanceOfSatisfying(
            SwapResult.Refused.class, r -> assertThat(r.reason()).isEqualTo(Refusal.MISSING));
    assertThat(missing).isEmpty();
    assertThat(refusals("champion", "missing")).isOne();
  }

  @Test
  void shouldSayWhatIsMissingWhenNoHeadAnswersThoughOneShould() {
    alias(ModelKey.CHAMPION, 9);

    follow();

    assertThat(missing).hasValueSatisfying(why -> assertThat(why).contains("champion 9"));
  }

  @Test
  void shouldLeaveThePlaceOfABadChallengerEmpty() {
    // given
    slot.challenge(2, Heads.file(Heads.identity(2, "ant", "bee")));
    head(Heads.identity(3, "a", "b", "c"));
    alias(ModelKey.CHALLENGER, 3);

    // when
    follow();

    // then
    assertThat(slot.challenger()).isEmpty();
    assertThat(reported).isEmpty();
    assertThat(meters.get("afina.challenger.version").gauge().value()).isZero();
    assertThat(refusals("challenger", "wrong-shape")).isOne();
  }

  @Test
  void shouldTryAgainWhenTheBrokerDoesNotGiveAHeadInTime() {
    // given
    fetchable(0, Heads.identity(1, "ant", "bee"));
    head(Heads.identity(1, "ant", "bee"));
    head(Heads.identity(2, "ant", "bee"));
    consumers.get(0).updateEndOffsets(Map.of(PARTITION, next));
    consumers.get(1).setPollException(new TimeoutException("for a test"));
    try (HeadFollower follower = follower()) {
      // when
      alias(ModelKey.CHAMPION, 1);

      // then
      await("the head").until(() -> slot.head().map(Head::version).equals(Optional.of(1L)));
      assertThat(follower.ended()).isNotDone();
    }
  }

  @Test
  void shouldCorrectTheThresholdsOfTheChampionAlone() {
    // given
    fetchable(0, Heads.promising(Heads.identity(1, "ant", "bee"), 0.6));
    head(Heads.promising(Heads.identity(1, "ant", "bee"), 0.6));
    head(Heads.identity(2, "ant", "bee"));
    alias(ModelKey.CHAMPION, 1);
    add(new ModelKey.Decide(1), Json.write(new DoubtRecord(0.5, 9, Instant.EPOCH)));
    add(new ModelKey.Decide(2), Json.write(new DoubtRecord(0.1, 9, Instant.EPOCH)));

    // when
    follow();

    // then
    Acceptance corrected = slot.head().map(head -> head.card().acceptance()).orElseThrow();
    assertThat(corrected.threshold("ant")).hasValue(0.8);
    assertThat(meters.get("afina.promised.precision").gauge().value()).isEqualTo(0.95);
  }

  private double refusals(String place, String reason) {
    return meters
        .get("afina.head.refused")
        .tag("place", place)
        .tag("reason", reason)
        .counter()
        .count();
  }

  private void follow() {
    consumers.get(0).updateEndOffsets(Map.of(PARTITION, next));
    try (HeadFollower follower = follower()) {
      missing = follower.missing();
    }
  }

  private HeadFollower follower() {
    return new HeadFollower(
        log,
        slot,
        new HeadMeters(meters, Refusal.texts()),
        Traces.off(),
        reported::add,
        HeadFollower.Backbones.FIXED);
  }

  private MockConsumer<String, byte[]> consumer() {
    MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumers.add(consumer);
    return consumer;
  }

  private void head(Head head) {
    add(new ModelKey.Head(head.version()), Heads.file(head));
  }

  private void alias(ModelKey.Alias alias, long version) {
    add(alias, Json.write(new AliasRecord(version, "ada", Instant.EPOCH, "for a test")));
  }

  private void add(ModelKey key, byte[] value) {
    consumers.get(0).addRecord(record(next++, key, value));
  }

  private void fetchable(long offset, Head head) {
    consumers.get(1).addRecord(record(offset, new ModelKey.Head(head.version()), Heads.file(head)));
  }

  private static ConsumerRecord<String, byte[]> record(long offset, ModelKey key, byte[] value) {
    return new ConsumerRecord<>(PARTITION.topic(), 0, offset, key.text(), value);
  }
}
