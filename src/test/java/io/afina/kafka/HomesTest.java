package io.afina.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class HomesTest {

  @Test
  void shouldFindTheHomeWhereKafkasDefaultPartitionerBringsAnId() {
    for (int partitions : new int[] {1, 2, 12, 1_000}) {
      Homes homes = Homes.among(partitions);
      for (String id : new String[] {"", "a", "image-17", "bäume/7.jpg", "x".repeat(1_000)}) {
        assertThat(homes.of(id))
            .as(id)
            .isEqualTo(BuiltInPartitioner.partitionForKey(id.getBytes(UTF_8), partitions));
      }
    }
  }
}
