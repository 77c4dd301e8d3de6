package io.afina.cli;

import io.afina.cli.option.ClusterOptions;
import io.afina.config.AfinaConfig;
import io.afina.event.MalformedRecordException;
import io.afina.event.Prediction;
import io.afina.event.Topic;
import io.afina.replay.TopicTail;
import io.afina.topic.ReadyTopics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.Deserializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints predictions as they come. */
@Command(name = "watch", header = "Show predictions as they come.")
final class WatchCommand implements Runnable {

  @Mixin private ClusterOptions cluster;

  @Option(names = "--from-beginning", description = "Show those that are there already, too.")
  private boolean fromBeginning;

  @Option(
      names = "--max",
      paramLabel = "N",
      defaultValue = "9223372036854775807",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "End after so many; default: only when stopped.")
  private long max;

  @Override
  public void run() {
    AfinaConfig config = cluster.config();
    Topic<String, Prediction> topic = config.topics().predictions();
    ReadyTopics.require(config, List.of(topic.name()));
    try (KafkaConsumer<byte[], byte[]> consumer = TopicTail.open(config, topic)) {
      if (fromBeginning) {
        consumer.seekToBeginning(consumer.assignment());
      }
      follow(consumer, topic.values().deserializer());
    }
  }

  private void follow(
      KafkaConsumer<byte[], byte[]> consumer, Deserializer<Prediction> predictions) {
    long shown = 0;
    while (shown < max && !Thread.currentThread().isInterrupted()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
        if (shown++ < max) {
          System.out.println(Ansi.AUTO.string(line(record, predictions)));
        }
      }
    }
  }

  private static String line(
      ConsumerRecord<byte[], byte[]> record, Deserializer<Prediction> predictions) {
    String id = new String(record.key(), StandardCharsets.UTF_8);
    try {
      return line(id, predictions.deserialize(record.topic(), record.value()));
    } catch (MalformedRecordException e) {
      return "%s  is no prediction: %s".formatted(id, e.getMessage());
    }
  }

  private static String line(String id, Prediction prediction) {
    if (prediction.label() == null) {
      return "%-40s  @|faint no head answers yet|@".formatted(id);
    }
    return "%-40s  @|bold %-20s|@ %5.1f %%  head %d%s"
        .formatted(
            id,
            prediction.label(),
            100 * (prediction.confidence() == null ? 0 : prediction.confidence()),
            prediction.head(),
            prediction.decision() == null ? "" : "  " + prediction.decision().text());
  }
}
