package io.afina.classifier.join;

import static io.afina.DefaultTopics.TOPICS;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.classifier.ClassifierTopology;
import io.afina.classifier.TextEmbedder;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.DeadLetter;
import io.afina.event.RecordLimits;
import io.afina.kafka.Homes;
import io.afina.metrics.Traces;
import io.afina.model.Head;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.TrustedKeys;
import io.afina.topic.TopicCatalog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** Whatever comes in, no record that goes out is larger than {@link RecordLimits} says. */
class RecordLimitsPropertyTest {

  private static final int LONGEST = 5;
  private static final RecordLimits WIDEST = RecordLimits.WIDEST;
  private static final AfinaConfig CONFIG =
      ConfigLoader.defaults()
          .set("classifier.correctionPatience", "1s")
          .set("classifier.headerBytes", WIDEST.headerBytes())
          .set("classifier.cloudEvents", "/" + "画".repeat(RecordLimits.EVENT_SOURCE - 1))
          .set("pictures.maxKeyBytes", WIDEST.keyBytes())
          .load();

  /** Characters that take much room in UTF-8 or in JSON, or are none. */
  private static final List<String> CHARACTERS =
      List.of("a", "\"", "\\", "\u0001", "\n", "ß", "画", "\uD83D\uDC1D", "\uD800");

  private final Path state = Files.createTempDirectory("afina-limits-");
  private final TopologyTestDriver driver = driver();
  private final Map<String, Integer> limits = limits();

  RecordLimitsPropertyTest() throws IOException {}

  @AfterProperty
  void stop() throws IOException {
    driver.close();
    Utils.delete(state.toFile());
  }

  /** A record for {@code images} or {@code corrections}. */
  record Input(String topic, byte[] key, byte[] value, List<Integer> headers) {

    TestRecord<byte[], byte[]> record() {
      RecordHeaders all = new RecordHeaders();
      headers.forEach(size -> all.add(size % 2 == 0 ? "ce_x" : "other", new byte[size]));
      return new TestRecord<>(key, value, all);
    }
  }

  @Property(tries = 1_000)
  void shouldKeepEveryRecordBelowWhatItsTopicTakes(@ForAll("inputs") List<Input> inputs) {
    // when
    for (Input input : inputs) {
      input(input.topic()).pipeInput(input.record());
    }
    driver.advanceWallClockTime(Duration.ofSeconds(2));

    // then
    int outcomes = 0;
    for (String topic : limits.keySet()) {
      for (TestRecord<byte[], byte[]> record : read(topic)) {
        assertThat(size(record)).as(topic).isLessThanOrEqualTo(limits.get(topic));
        outcomes += isOutcomeOfAnImage(topic, record) ? 1 : 0;
      }
    }
    assertThat(inputs.stream().filter(input -> isImage(input.topic())).count())
        .as("each image has one outcome")
        .isEqualTo(outcomes);
  }

  private static boolean isOutcomeOfAnImage(String topic, TestRecord<byte[], byte[]> record) {
    return topic.equals(TOPICS.predictions().name())
        || (topic.equals(TOPICS.deadLetters().name())
            && isImage(DeadLetter.from(record.headers()).topic()));
  }

  @Example
  void shouldHaveTopicsThatTakeTheLargestRecords() {
    // given
    Map<String, String> taken = new HashMap<>();
    TopicCatalog.load(TOPICS)
        .topics()
        .forEach(topic -> taken.put(topic.name(), topic.configuration().get("max.message.bytes")));

    // then
    assertThat(limits)
        .allSatisfy(
            (topic, limit) ->
                assertThat(
                        Integer.parseInt(
                            taken.getOrDefault(
                                topic, TopicCatalog.CHANGELOG.get("max.message.bytes"))))
                    .as(topic)
                    .isGreaterThanOrEqualTo(limit));
  }

  private static Map<String, Integer> limits() {
    return Map.ofEntries(
        entry(TOPICS.predictions().name(), WIDEST.prediction()),
        entry(TOPICS.review().name(), WIDEST.review()),
        entry(TOPICS.training().name(), WIDEST.training()),
        entry(TOPICS.pictures().name(), WIDEST.picture()),
        entry(TOPICS.strays().name(), WIDEST.stray()),
        entry(TOPICS.deadLetters().name(), RecordLimits.DEAD_LETTER_BYTES),
        entry("limits-embeddings-changelog", WIDEST.embedding()),
        entry("limits-joined-changelog", WIDEST.joined()),
        entry("limits-labelled-changelog", WIDEST.labelled()),
        entry("limits-waiting-changelog", WIDEST.waiting()));
  }

  @Provide
  Arbitrary<List<Input>> inputs() {
    Arbitrary<byte[]> keys =
        Arbitraries.oneOf(Arbitraries.of("a", "b", "c"), text(WIDEST.keyBytes() / 4), text(20_000))
            .map(RecordLimitsPropertyTest::utf8);
    Arbitrary<List<Integer>> headers =
        Arbitraries.of(0, 1, 100, 1_001, 20_000, 40_001, 66_000).list().ofMaxSize(3);
    Arbitrary<Input> images =
        Combinators.combine(keys, Arbitraries.of("1 0", "0 1", "no picture"), headers)
            .as((key, value, all) -> new Input(TOPICS.images().name(), key, utf8(value), all));
    Arbitrary<Input> corrections =
        Combinators.combine(keys, values(), headers)
            .as((key, value, all) -> new Input(TOPICS.corrections().name(), key, value, all));
    return Arbitraries.oneOf(images, corrections).list().ofMinSize(1).ofMaxSize(LONGEST);
  }

  private static Arbitrary<byte[]> values() {
    Arbitrary<byte[]> said =
        Combinators.combine(
                text(RecordLimits.LABEL),
                text(RecordLimits.LABELLER),
                text(RecordLimits.NOTE),
                Arbitraries.of(0, 1_000, 60_000, 900_000))
            .as(
                (label, labeller, note, more) ->
                    utf8(
                        "{\"label\":%s,\"labeller\":%s,\"note\":%s,\"more\":\"%s\"}"
                            .formatted(json(label), json(labeller), json(note), "m".repeat(more))));
    Arbitrary<byte[]> garbage = Arbitraries.bytes().array(byte[].class).ofMaxSize(100);
    return Arbitraries.frequencyOf(Tuple.of(9, said), Tuple.of(1, garbage));
  }

  /** Of one character, about as long as is allowed, or somewhat longer. */
  private static Arbitrary<String> text(int limit) {
    return Combinators.combine(Arbitraries.of(CHARACTERS), Arbitraries.integers().between(1, 22))
        .as(
            (character, twentieths) ->
                character.repeat(1 + limit * twentieths / 20 / character.length()));
  }

  private static String json(String text) {
    StringBuilder escaped = new StringBuilder("\"");
    text.chars().forEach(c -> escaped.append("\\u%04x".formatted(c)));
    return escaped.append('"').toString();
  }

  private List<TestRecord<byte[], byte[]>> read(String topic) {
    return driver
        .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList();
  }

  private TestInputTopic<byte[], byte[]> input(String topic) {
    return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static boolean isImage(String topic) {
    return topic.equals(TOPICS.images().name());
  }

  /** As Kafka's producer writes it, in a batch of its own. */
  static int size(TestRecord<byte[], byte[]> record) {
    Headers headers = record.headers();
    return MemoryRecords.withRecords(
            Compression.NONE, new SimpleRecord(0L, record.key(), record.value(), headers.toArray()))
        .sizeInBytes();
  }

  private TopologyTestDriver driver() {
    Properties properties = new Properties();
    properties.put("application.id", "limits");
    properties.put("bootstrap.servers", "none:1");
    properties.put("state.dir", state.toString());
    HeadSlot heads = new HeadSlot(Heads.BACKBONE, 2, TrustedKeys.anybody());
    Head head =
        Heads.identity(1, "\u0001".repeat(RecordLimits.LABEL), "\"".repeat(RecordLimits.LABEL));
    heads.swap(1, Heads.file(head));
    heads.challenge(
        2,
        Heads.file(
            Heads.identity(
                2, "画".repeat(RecordLimits.LABEL), "\u0002".repeat(RecordLimits.LABEL))));
    return new TopologyTestDriver(
        ClassifierTopology.build(
            CONFIG,
            Homes.among(2),
            new TextEmbedder(),
            heads,
            new SimpleMeterRegistry(),
            Traces.off()),
        properties,
        Instant.now());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
