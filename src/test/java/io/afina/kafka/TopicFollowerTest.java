package io.afina.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.afina.kafka.TopicFollower.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TopicFollowerTest {

  private static final String TOPIC = "pets";
  private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
  private static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);
  private static final Duration POLL = Duration.ofMillis(10);

  private final MockConsumer<String, String> consumer = new MockConsumer<>("earliest");
  private final List<String> read = new ArrayList<>();

  @BeforeEach
  void haveTwoPartitions() {
    consumer.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L));
    consumer.updateEndOffsets(Map.of(FIRST, 0L, SECOND, 0L));
    consumer.updatePartitions(
        TOPIC,
        List.of(
            new PartitionInfo(TOPIC, 0, Node.noNode(), new Node[0], new Node[0]),
            new PartitionInfo(TOPIC, 1, Node.noNode(), new Node[0], new Node[0])));
  }

  @Test
  void shouldReadPartitionsThatAreAddedFromTheirBeginning() {
    try (TopicFollower<String, String> follower = follower()) {
      // given
      follower.readToEnd();
      TopicPartition third = new TopicPartition(TOPIC, 2);
      consumer.updateBeginningOffsets(Map.of(third, 0L));
      consumer.updatePartitions(
          TOPIC,
          Stream.of(0, 1, 2)
              .map(p -> new PartitionInfo(TOPIC, p, Node.noNode(), new Node[0], new Node[0]))
              .toList());

      // when
      await()
          .until(
              () -> {
                follower.poll(POLL);
                return consumer.assignment().contains(third);
              });
      add(third, 0, "cow");
      add(FIRST, 0, "ant");
      follower.poll(POLL);

      // then
      assertThat(read).containsExactlyInAnyOrder("ant", "cow");
    }
  }

  @Test
  void shouldReadEveryPartitionToItsEnd() {
    try (TopicFollower<String, String> follower = follower()) {
      // given
      add(FIRST, 0, "ant");
      add(SECOND, 0, "bee");
      consumer.schedulePollTask(() -> {});
      consumer.schedulePollTask(() -> add(SECOND, 1, "cat"));
      consumer.updateEndOffsets(Map.of(FIRST, 1L, SECOND, 2L));

      // when
      follower.readToEnd();

      // then
      assertThat(read).containsExactlyInAnyOrder("ant", "bee", "cat");
      assertThat(follower.state()).isInstanceOf(State.Following.class);
    }
  }

  @Test
  void shouldStillBeReadingBeforeTheEnd() {
    try (TopicFollower<String, String> follower = follower()) {
      add(FIRST, 0, "ant");

      assertThat(follower.poll(POLL)).isOne();
      assertThat(follower.poll(POLL)).isZero();

      assertThat(follower.state()).isInstanceOf(State.Reading.class);
    }
  }

  @Test
  void shouldGiveUpWhenNothingComesForTooLong() {
    try (TopicFollower<String, String> follower = follower()) {
      assertThatThrownBy(() -> follower.readTo(Map.of(FIRST, 1L), POLL))
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("pets-0=1");
    }
  }

  @Test
  void shouldFollowInANamedThreadUntilItIsClosed() throws Exception {
    // given
    BlockingQueue<String> threads = new LinkedBlockingQueue<>();
    TopicFollower<String, String> follower = follower();
    consumer.schedulePollTask(() -> add(FIRST, 0, "ant"));

    // when
    follower.follow(
        "afina-test",
        POLL,
        count -> {
          if (count > 0) {
            threads.add(Thread.currentThread().getName());
          }
        });

    // then
    assertThat(threads.poll(30, TimeUnit.SECONDS)).isEqualTo("afina-test");
    assertThat(follower.state()).isInstanceOf(State.Following.class);
    assertThat(follower.ended()).isNotDone();
    follower.close();
    assertThat(read).containsExactly("ant");
    assertThat(follower.ended()).isCompleted();
    assertThat(follower.state()).isInstanceOf(State.Stopped.class);
    assertThat(consumer.closed()).isTrue();
  }

  @Test
  void shouldFailWithWhatItsReaderThrows() {
    // given
    IllegalArgumentException cause = new IllegalArgumentException("no ants");
    TopicFollower<String, String> follower =
        TopicFollower.fromBeginning(
            consumer,
            TOPIC,
            record -> {
              throw cause;
            });
    consumer.schedulePollTask(() -> add(FIRST, 0, "ant"));

    // when
    follower.follow("afina-test", POLL, count -> {});

    // then
    assertThatThrownBy(() -> follower.ended().get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCause(cause);
    follower.close();
    assertThat(follower.state()).isEqualTo(new State.Failed(cause));
  }

  @Test
  void shouldFailWithWhatTheConsumerThrows() {
    // given
    KafkaException cause = new KafkaException("not allowed");
    TopicFollower<String, String> follower = follower();
    consumer.setPollException(cause);

    // when
    follower.follow("afina-test", POLL, count -> {});

    // then
    assertThatThrownBy(() -> follower.ended().get(30, TimeUnit.SECONDS)).hasCause(cause);
    follower.close();
    assertThat(follower.state()).isEqualTo(new State.Failed(cause));
  }

  @Test
  void shouldTakeAWakeupFromElsewhereForAFailure() {
    try (TopicFollower<String, String> follower = follower()) {
      consumer.wakeup();

      follower.follow("afina-test", POLL, count -> {});

      assertThatThrownBy(() -> follower.ended().get(30, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class);
      assertThat(follower.state()).isInstanceOf(State.Failed.class);
    }
  }

  @Test
  void shouldEndARoundBeforeItStops() throws Exception {
    // given
    CountDownLatch inRound = new CountDownLatch(1);
    TopicFollower<String, String> follower = follower();
    follower.follow(
        "afina-test",
        POLL,
        count -> {
          inRound.countDown();
          read.add("round");
        });
    assertThat(inRound.await(30, TimeUnit.SECONDS)).isTrue();

    // when
    follower.close();

    // then
    int rounds = read.size();
    assertThat(rounds).isPositive();
    assertThat(follower.ended()).isCompleted();
    assertThat(read).hasSize(rounds);
  }

  @Test
  void shouldGiveEverybodyTheSameEnd() {
    try (TopicFollower<String, String> follower = follower()) {
      follower.follow("afina-test", POLL, count -> {});

      var once = follower.ended();
      assertThat(follower.ended()).isSameAs(once);
      assertThat(once.getNumberOfDependents()).isZero();
    }
  }

  @Test
  void shouldCloseItsConsumerWhenItCannotBegin() {
    // given
    consumer.subscribe(List.of(TOPIC));

    // when
    assertThatThrownBy(this::follower).hasMessageContaining("mutually exclusive");

    // then
    assertThat(consumer.closed()).isTrue();
  }

  private TopicFollower<String, String> follower() {
    return TopicFollower.fromBeginning(consumer, TOPIC, record -> read.add(record.value()));
  }

  private void add(TopicPartition partition, long offset, String value) {
    consumer.addRecord(
        new ConsumerRecord<>(partition.topic(), partition.partition(), offset, "key", value));
  }
}
