package io.afina.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.kafka.NextRecords.Next;
import io.afina.kafka.NextRecords.Range;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class NextRecordsTest {

  private static final TopicPartition ONE = new TopicPartition("images", 0);
  private static final Map<TopicPartition, Range> WAITS = Map.of(ONE, new Range(3, 9));

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");

  @Test
  void shouldLookAgainWhereItGotNothingTheLastTime() {
    try (NextRecords next = new NextRecords(consumer)) {
      // given
      assertThat(next.find(WAITS)).isEqualTo(Map.of(ONE, new Next(3, null)));

      // when the broker is faster, and nothing else has changed
      consumer.schedulePollTask(
          () -> consumer.addRecord(new ConsumerRecord<>("images", 0, 5, null, null)));

      // then
      assertThat(next.find(WAITS).get(ONE))
          .satisfies(found -> assertThat(found.offset()).isEqualTo(5))
          .satisfies(found -> assertThat(found.timestamp()).isNotNull());
    }
  }

  @Test
  void shouldFindTheRecordsOfAPartitionAgainAndAgain() {
    try (NextRecords next = new NextRecords(consumer)) {
      // given
      consumer.updateBeginningOffsets(Map.of(ONE, 0L));
      for (long offset = 5; offset < 8; offset++) {
        long from = offset;

        // when
        consumer.schedulePollTask(
            () -> consumer.addRecord(new ConsumerRecord<>("images", 0, from, null, null)));
        Map<TopicPartition, Next> found = next.find(Map.of(ONE, new Range(from, 10)));

        // then
        assertThat(found.get(ONE)).extracting(Next::timestamp).as("of record %d", from).isNotNull();
      }
    }
  }
}
