package io.afina.labelling.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.config.ConfigLoader;
import io.afina.event.RecordId;
import io.afina.http.Problem;
import io.afina.source.PictureSources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureSourceTest {

  private static final TopicPartition PARTITION = new TopicPartition("images", 0);
  private static final RecordId FIRST = new RecordId(0, 0);

  @TempDir private Path folder;

  @Test
  void shouldShowThePictureThatARecordRefersTo() throws Exception {
    // given
    Path file = Files.writeString(folder.resolve("x.jpg"), "a picture");

    // when
    try (PictureSource pictures = open(file.toUri().toString())) {
      // then
      assertThat(pictures.read(FIRST).orElseThrow()).isEqualTo(bytes("a picture"));
    }
  }

  @Test
  void shouldShowNothingWhereNothingIsAnyMore() {
    try (PictureSource pictures = open(folder.resolve("gone.jpg").toUri().toString())) {
      assertThat(pictures.read(FIRST)).isEmpty();
    }
  }

  @Test
  void shouldSayWhyAPictureIsNotShown() {
    try (PictureSource pictures = open("file:///etc/passwd")) {
      assertThatThrownBy(() -> pictures.read(FIRST))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("pictures.sources");
    }
  }

  private PictureSource open(String uri) {
    PictureSources sources =
        new PictureSources(
            ConfigLoader.defaults().set("pictures.sources", folder.toUri()).load().pictures(),
            new SimpleMeterRegistry());
    return new PictureSource("images", () -> consumer(uri), sources, 1_000);
  }

  private static MockConsumer<byte[], byte[]> consumer(String uri) {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    Node node = new Node(0, "localhost", 1);
    consumer.updatePartitions(
        "images",
        List.of(new PartitionInfo("images", 0, node, new Node[] {node}, new Node[] {node})));
    consumer.updateEndOffsets(Map.of(PARTITION, 1L));
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("images", 0, 0, bytes("x"), bytes(uri));
    record.headers().add("content-type", bytes("text/uri-list"));
    consumer.schedulePollTask(() -> consumer.addRecord(record));
    return consumer;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
