package io.afina.cli;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.ExitCode;
import io.afina.replay.TopicTail;
import io.afina.topic.ReadyTopics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder as people have it, by the command, over a broker of its own. */
class PublishCommandIT {

  private static final String JPEG = "\u00ff\u00d8\u00ff\u00e0";
  private static final String WEBP = "RIFF\0\0\0\0WEBP";

  @TempDir private Path folder;
  private TestBroker broker;
  private AfinaConfig config;

  @BeforeEach
  void start() {
    broker = TestBroker.startFresh();
    config =
        ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
    ReadyTopics.apply(config);
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void shouldSendEveryPictureUnderItsPathWithTheTypeOfItsBytes() throws IOException {
    // given
    write("ant/1.jpg", JPEG);
    write("bee/1.jpg", WEBP);
    write("bee/labels.csv", "id,label");
    StringWriter err = new StringWriter();

    // when
    int exit = run(err);

    // then
    assertThat(exit).isEqualTo(ExitCode.USAGE.code());
    assertThat(err.toString())
        .contains("not sent, no picture: " + folder.resolve("bee/labels.csv"))
        .doesNotContain("1.jpg");
    assertThat(types()).isEqualTo(Map.of("ant/1.jpg", "image/jpeg", "bee/1.jpg", "image/webp"));
  }

  @Test
  void shouldSendNothingWhenTwoFilesHaveOneId() throws IOException {
    // given
    write("ant/1.jpg", JPEG);
    write("bee/1.jpg", WEBP);
    write("bee/2.jpg", WEBP);
    StringWriter err = new StringWriter();

    // when
    int exit = run(err, "--id-from", "name");

    // then
    assertThat(exit).isEqualTo(ExitCode.USAGE.code());
    assertThat(err.toString()).contains("nothing was sent");
    assertThat(types()).isEmpty();
  }

  private void write(String file, String latin) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, latin.getBytes(StandardCharsets.ISO_8859_1));
  }

  private int run(StringWriter err, String... options) {
    List<String> words = new ArrayList<>(List.of("publish", folder.toString()));
    words.addAll(List.of("-b", broker.bootstrapServers()));
    words.addAll(List.of(options));
    return Afina.commandLine()
        .setErr(new PrintWriter(err, true))
        .execute(words.toArray(String[]::new));
  }

  /** The content types on {@code images}, by image id. */
  private Map<String, String> types() {
    Map<String, String> types = new TreeMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer = TopicTail.open(config, TOPICS.images())) {
      var ends = consumer.endOffsets(consumer.assignment());
      consumer.seekToBeginning(consumer.assignment());
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          types.put(text(record.key()), text(record.headers().lastHeader("content-type").value()));
        }
      }
    }
    return types;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
