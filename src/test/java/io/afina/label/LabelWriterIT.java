package io.afina.label;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.Worker;
import io.afina.topic.ReadyTopics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class LabelWriterIT {

  private static final int EACH = 3;

  @Test
  void shouldLoseNoChangeOfTwoWhoChangeLabelsAtOnceAndReadPastWhatIsNone() {
    try (TestBroker broker = TestBroker.startFresh()) {
      // given
      AfinaConfig config =
          ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
      ReadyTopics.apply(config);
      write(config, "ant", "{\"name\": \"ant\"}");
      write(config, "Not an id", "{}");

      // when
      Worker mia = worker(config, "mia");
      Worker ben = worker(config, "ben");
      mia.ended().join();
      ben.ended().join();

      // then
      assertThat(LabelLog.read(config).names())
          .containsExactlyInAnyOrder("mia 0", "mia 1", "mia 2", "ben 0", "ben 1", "ben 2");
    }
  }

  private static Worker worker(AfinaConfig config, String who) {
    return new Worker("test-" + who, () -> declare(config, who), () -> {});
  }

  private static void declare(AfinaConfig config, String who) {
    LabelEdits edits = new LabelEdits(who, Instant.now(), "for a test");
    IntStream.range(0, EACH)
        .forEach(
            n -> LabelWriter.write(config, table -> edits.declare(table, List.of(who + " " + n))));
  }

  private static void write(AfinaConfig config, String key, String json) {
    try (Publisher<byte[]> labels = Publisher.open(config, TOPICS.labels())) {
      labels.send(
          new ProducerRecord<>(TOPICS.labels().name(), key, json.getBytes(StandardCharsets.UTF_8)));
      labels.flush();
    }
  }
}
