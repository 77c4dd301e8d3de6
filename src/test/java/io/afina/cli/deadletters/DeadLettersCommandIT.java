package io.afina.cli.deadletters;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.broker.TestBroker;
import io.afina.cli.Afina;
import io.afina.cli.service.ClassifierService;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.deadletter.DeadLetterReplay;
import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.RecordId;
import io.afina.event.Topic;
import io.afina.kafka.KafkaSettings;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.metrics.Traces;
import io.afina.replay.LabelledPicture;
import io.afina.replay.TopicTail;
import io.afina.topic.ReadyTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Dead letters as their operator meets them, over a broker of its own and a real classifier. */
class DeadLettersCommandIT {

  private static final int PICTURES = 5;
  private static final String REASON = "too-many-pixels";

  private final Closer closer = new Closer();
  private final List<LabelledPicture> pictures = LabelledPicture.drawn(1, PICTURES);
  @TempDir private Path folder;
  private TestBroker broker;

  @BeforeEach
  void start() {
    broker = closer.own(TestBroker.startFresh());
    ReadyTopics.apply(config(100_000_000));
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldPutEveryDeadLetterBackOnceWhenItsCauseIsGone() throws Exception {
    // given
    refusePictures();
    List<ConsumerRecord<byte[], byte[]>> letters = read(TOPICS.deadLetters());
    Map<String, byte[]> refused =
        letters.stream().collect(Collectors.toMap(DeadLettersCommandIT::key, r -> r.value()));
    for (LabelledPicture picture : pictures) {
      assertThat(refused.get(picture.id())).isEqualTo(picture.bytes().get());
    }
    shouldShow(letters.get(0));
    assertThat(run("list").out())
        .contains("5 dead letters, 5 shown", "5 too-many-pixels, 0 of them replayed");

    // when
    Run dry = run("replay", "--reason", REASON, "--dry-run");
    Run none = run("replay", "--reason", "not-a-picture");
    abandonAReplay(letters.get(0));
    Run replay = run("replay", "--reason", REASON, "--topic", "images", "--since", "1h");
    Run again = run("replay", "--reason", REASON);

    // then
    assertThat(dry.out()).contains("would put back 5 dead letters");
    assertThat(none.out()).contains("put back 0 dead letters");
    assertThat(replay.out()).contains("put back 5 dead letters");
    assertThat(again.out()).contains("put back 0 dead letters");
    assertThat(run("list", "--max", "2").out())
        .contains("5 dead letters, 2 shown", "5 too-many-pixels, 5 of them replayed");
    try (ClassifierService classifier =
        new ClassifierService(
            config(100_000_000), new SimpleMeterRegistry(), Traces.off(), swap -> {})) {
      classifier.running().join();
      await(TOPICS.predictions(), PICTURES);
    }
    assertThat(read(TOPICS.predictions()))
        .extracting(DeadLettersCommandIT::key)
        .containsExactlyInAnyOrderElementsOf(pictures.stream().map(LabelledPicture::id).toList());
    shouldBeOnImagesTwiceAndTheSame(letters);
    assertThat(read(TOPICS.deadLetters())).hasSize(2 * PICTURES);
  }

  @Test
  void shouldMakeANewDeadLetterOfOneThatFailsAgain() throws Exception {
    // given
    refusePictures();
    run("replay", "--reason", REASON);

    // when
    try (ClassifierService classifier =
        new ClassifierService(config(100), new SimpleMeterRegistry(), Traces.off(), swap -> {})) {
      classifier.running().join();
      await(TOPICS.deadLetters(), 3 * PICTURES);
    }

    // then
    assertThat(run("list").out())
        .contains("10 dead letters, 10 shown", "10 too-many-pixels, 5 of them replayed");
    assertThat(run("replay", "--reason", REASON).out()).contains("put back 5 dead letters");
  }

  @Test
  void shouldSayWhatIsWrongWithTheCommandLine() {
    Run reason = run("replay", "--reason", "bad-luck");
    assertThat(reason.exit()).isEqualTo(ExitCode.USAGE.code());
    assertThat(reason.err()).contains("bad-luck", "no-image", "too-many-pixels", "malformed");
    assertThat(run("replay").exit()).isEqualTo(ExitCode.USAGE.code());
    assertThat(run("list", "--since", "soon").err()).contains("soon", "7d");
    assertThat(run("list", "--topic", "models").err()).contains("models", "corrections, images");
    assertThat(run("show", "first").exit()).isEqualTo(ExitCode.USAGE.code());
    for (String unknown : new String[] {"0-7", "99-0"}) {
      Run show = run("show", unknown);
      assertThat(show.exit()).isEqualTo(ExitCode.NOT_FOUND.code());
      assertThat(show.err()).contains("there is no dead letter " + unknown);
    }
    assertThat(run("list").out()).contains("0 dead letters, 0 shown");
  }

  private void refusePictures() {
    try (ClassifierService classifier =
            new ClassifierService(
                config(100), new SimpleMeterRegistry(), Traces.off(), swap -> {});
        Publisher<byte[]> publisher = Publisher.open(config(100), TOPICS.images())) {
      classifier.running().join();
      for (LabelledPicture picture : pictures) {
        ProducerRecord<String, byte[]> image =
            new ProducerRecord<>(TOPICS.images().name(), picture.id(), picture.bytes().get());
        image.headers().add("upstream", bytes("shop"));
        publisher.send(image);
      }
      publisher.flush();
      await(TOPICS.deadLetters(), PICTURES);
    }
  }

  private void shouldShow(ConsumerRecord<byte[], byte[]> letter) throws Exception {
    Path out = folder.resolve("picture");
    String id = new RecordId(letter.partition(), letter.offset()).text();
    Run show = run("show", id, "--out", out.toString());
    DeadLetter why = DeadLetter.from(letter.headers());
    assertThat(show.exit()).as(show.err()).isEqualTo(ExitCode.OK.code());
    assertThat(show.out())
        .contains("dead letter " + id, "images, partition " + why.partition(), key(letter))
        .contains("upstream: shop", "afina.reason: " + REASON, why.error())
        .containsPattern("replayed +no");
    assertThat(Files.readAllBytes(out)).isEqualTo(letter.value());
    assertThat(why.reason()).isEqualTo(Reason.TOO_MANY_PIXELS);
  }

  /** What a replay that was killed before its commit leaves: records in an open transaction. */
  private void abandonAReplay(ConsumerRecord<byte[], byte[]> letter) {
    KafkaProducer<byte[], byte[]> killed =
        closer.own(
            new KafkaProducer<>(
                new KafkaSettings(config(100))
                    .require(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        DeadLetterReplay.transactionalId(TOPICS))
                    .toMap(),
                new ByteArraySerializer(),
                new ByteArraySerializer()));
    killed.initTransactions();
    killed.beginTransaction();
    var unused =
        killed.send(new ProducerRecord<>(TOPICS.images().name(), letter.key(), letter.value()));
    killed.flush();
  }

  private void shouldBeOnImagesTwiceAndTheSame(List<ConsumerRecord<byte[], byte[]>> letters) {
    List<ConsumerRecord<byte[], byte[]>> images = read(TOPICS.images());
    assertThat(images).hasSize(2 * PICTURES);
    for (ConsumerRecord<byte[], byte[]> letter : letters) {
      String id = new RecordId(letter.partition(), letter.offset()).text();
      List<ConsumerRecord<byte[], byte[]>> both = where(images, r -> key(r).equals(key(letter)));
      assertThat(both).extracting(ConsumerRecord::partition).containsOnly(both.get(0).partition());
      assertThat(both).allSatisfy(r -> assertThat(r.value()).isEqualTo(letter.value()));
      assertThat(both.get(1).headers().toArray()).hasSize(2);
      assertThat(both.get(1).headers().lastHeader("upstream").value()).isEqualTo(bytes("shop"));
      assertThat(both.get(1).headers().lastHeader("afina.replayed-from").value())
          .isEqualTo(bytes(id));
    }
  }

  private void await(Topic<?, ?> topic, int count) {
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> read(topic).size() >= count);
  }

  /** Everything that is committed on a topic now. */
  private List<ConsumerRecord<byte[], byte[]>> read(Topic<?, ?> topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = TopicTail.open(config(100), topic)) {
      var ends = consumer.endOffsets(consumer.assignment());
      consumer.seekToBeginning(consumer.assignment());
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  private AfinaConfig config(long maxPixels) {
    return ConfigLoader.defaults()
        .set("kafka.bootstrap.servers", broker.bootstrapServers())
        .set("classifier.stateDir", folder.resolve("state"))
        .set("classifier.threads", 1)
        .set("pictures.maxPixels", maxPixels)
        .load();
  }

  private Run run(String... args) {
    List<String> all = new ArrayList<>(List.of("dead-letters"));
    all.addAll(List.of(args));
    all.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Afina.commandLine();
    command.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    int exit = command.execute(all.toArray(String[]::new));
    return new Run(exit, out.toString(), err.toString());
  }

  private record Run(int exit, String out, String err) {}

  private static <T> List<T> where(List<T> things, Predicate<T> condition) {
    return things.stream().filter(condition).toList();
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
