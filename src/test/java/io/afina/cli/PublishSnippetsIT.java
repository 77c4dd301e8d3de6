package io.afina.cli;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.afina.Page;
import io.afina.Programs;
import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Topic;
import io.afina.replay.TopicTail;
import io.afina.topic.ReadyTopics;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The programs of the documentation publish a photograph of 4 MB as they stand there, and fail
 * where the broker does not take it. One whose language is not installed is skipped; CI installs
 * all but Go.
 */
class PublishSnippetsIT {

  private static final Page PAGE = new Page(Path.of("src", "docs", "publish-images.md"));
  private static final Path LIBRARIES = Path.of("src", "test", "clients");
  private static final String PYTHON = "/usr/bin/python3";

  @TempDir private Path folder;
  private TestBroker broker;
  private AfinaConfig config;
  private byte[] photograph;

  @BeforeEach
  void start() throws IOException {
    broker = TestBroker.startFresh();
    config =
        ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
    ReadyTopics.apply(config);
    photograph = draw(folder.resolve("dog.jpg"));
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void shouldPublishByKcat() throws Exception {
    Programs.require("kcat");
    shouldPublish("kcat", "sh");
    Page corrections = new Page(Path.of("src", "docs", "correct-predictions.md"));
    assertThat(run(write(corrections, "kcat", "images"), "sh")).as(this::output).isZero();
    assertThat(read(TOPICS.corrections())).hasSize(1);
  }

  @Test
  void shouldPublishByJava() throws Exception {
    shouldPublish(
        "Publish.java",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"));
  }

  @Test
  void shouldPublishByPython() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of(PYTHON)) && exit(PYTHON, "-c", "import confluent_kafka") == 0,
        "there is no python3-confluent-kafka here");
    shouldPublish("publish.py", PYTHON);
  }

  @Test
  void shouldPublishByNode() throws Exception {
    Programs.require("npm");
    for (String file : List.of(".npmrc", "package.json", "package-lock.json")) {
      Files.copy(LIBRARIES.resolve(file), folder.resolve(file));
    }
    assertThat(exit("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"))
        .as(this::output)
        .isZero();
    shouldPublish("publish.mjs", "node");
  }

  /**
   * By Debian's packages, whose library is of the version before the first with a path of its own.
   */
  @Test
  @Tag("nightly")
  void shouldPublishByGo() throws Exception {
    Programs.require("go");
    shouldPublish(
        "publish.go",
        "env",
        "GO111MODULE=off",
        "GOPATH=/usr/share/gocode",
        "GOCACHE=" + folder.resolve("cache"),
        "go",
        "run");
  }

  private void shouldPublish(String block, String... command) throws Exception {
    assertThat(run(write(PAGE, block, TOPICS.images().name()), command)).as(this::output).isZero();
    assertThat(read(TOPICS.images()))
        .singleElement()
        .satisfies(
            image -> {
              assertThat(text(image.key())).isEqualTo("my-dog");
              assertThat(image.value()).isEqualTo(photograph);
              assertThat(text(image.headers().lastHeader("content-type").value()))
                  .isEqualTo("image/jpeg");
            });
    // 1 MB is the most that this topic takes.
    assertThat(run(write(PAGE, block, TOPICS.predictions().name()), command))
        .as(() -> "a picture that was refused: " + output())
        .isNotZero();
  }

  /** Writes a block with the address of this broker, and another topic instead of images. */
  private Path write(Page page, String block, String topic) throws IOException {
    String text =
        page.block(block)
            .replace("localhost:9092", broker.bootstrapServers())
            .replace("kafka-go/v2/", "kafka-go/")
            .replaceAll("(?<=[\"' ])images(?=[\"' ])", topic);
    return Files.writeString(folder.resolve(block), text + "\n");
  }

  private int run(Path program, String... command) throws Exception {
    List<String> all = new ArrayList<>(List.of(command));
    all.add(program.toString());
    return exit(all.toArray(String[]::new));
  }

  private int exit(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(this::output).isTrue();
    return process.exitValue();
  }

  /** What the last program printed. */
  private String output() {
    try {
      return Files.readString(folder.resolve("output"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> read(Topic<?, ?> topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = TopicTail.open(config, topic)) {
      Map<?, Long> ends = consumer.endOffsets(consumer.assignment());
      long all = ends.values().stream().mapToLong(Long::longValue).sum();
      consumer.seekToBeginning(consumer.assignment());
      while (records.size() < all) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  /** Noise, which no compression makes small. */
  private static byte[] draw(Path file) throws IOException {
    BufferedImage noise = new BufferedImage(3_000, 2_250, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(17);
    for (int y = 0; y < noise.getHeight(); y++) {
      for (int x = 0; x < noise.getWidth(); x++) {
        noise.setRGB(x, y, random.nextInt());
      }
    }
    ImageIO.write(noise, "jpg", file.toFile());
    byte[] jpeg = Files.readAllBytes(file);
    assertThat(jpeg.length).isBetween(3_500_000, 6_000_000);
    return jpeg;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
