package io.afina.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class NewPartitionsTest {

  private final AtomicInteger looks = new AtomicInteger();
  private int partitions = 1;
  private boolean away;

  private final MockConsumer<byte[], byte[]> consumer =
      new MockConsumer<>("earliest") {
        @Override
        public synchronized List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
          looks.incrementAndGet();
          if (away) {
            throw new TimeoutException("Timeout expired while fetching topic metadata");
          }
          return super.partitionsFor(topic, timeout);
        }
      };

  @Test
  void shouldLookAgainWhenNoBrokerSaysWhichPartitionsThereAre() {
    // given
    consumer.assign(List.of(new TopicPartition("images", 0)));
    know();
    NewPartitions growth = new NewPartitions(consumer);
    away = true;

    // when
    lookOnce(growth);

    // then
    assertThat(consumer.assignment()).hasSize(1);

    // when
    away = false;
    partitions = 3;
    know();
    lookOnce(growth);

    // then
    assertThat(consumer.assignment()).hasSize(3);
  }

  private void lookOnce(NewPartitions growth) {
    int before = looks.get();
    await("a look")
        .atMost(Duration.ofMinutes(1))
        .pollInSameThread()
        .until(
            () -> {
              growth.look();
              return looks.get() > before;
            });
  }

  private void know() {
    Node node = new Node(1, "localhost", 9092);
    Node[] nodes = {node};
    consumer.updatePartitions(
        "images",
        IntStream.range(0, partitions)
            .mapToObj(n -> new PartitionInfo("images", n, node, nodes, nodes))
            .toList());
  }
}
