package io.afina.monitoring;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.Spans;
import io.afina.broker.TestBroker;
import io.afina.cli.Afina;
import io.afina.cli.service.ClassifierService;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.header.TraceHeaders;
import io.afina.kafka.Publisher;
import io.afina.labelling.NoActions;
import io.afina.labelling.http.Client;
import io.afina.labelling.http.LabelServer;
import io.afina.lifecycle.Closer;
import io.afina.replay.LabelledPicture;
import io.afina.replay.TopicTail;
import io.afina.topic.ReadyTopics;
import io.afina.trainer.TrainerRunner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One trace, from the picture that somebody sent to the head that learned it. */
class TracesIT {

  private static final int PICTURES = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** A program that corrects without the page, and without a trace of its own. */
  private static final int CORRECTED_ELSEWHERE = 2;

  @TempDir Path folder;

  private final Closer closer = new Closer();
  private final Spans spans = closer.own(new Spans());
  private final Map<String, SpanContext> sent = new HashMap<>();
  private final List<ConsumerRecord<byte[], byte[]>> seen = new ArrayList<>();
  private int answered;
  private AfinaConfig config;
  private KafkaConsumer<byte[], byte[]> consumer;

  @BeforeEach
  void start() {
    TestBroker broker = closer.own(TestBroker.startFresh());
    config = config(broker, "one");
    ReadyTopics.apply(config);
    consumer =
        closer.own(
            TopicTail.open(
                config,
                TOPICS.predictions(),
                TOPICS.review(),
                TOPICS.corrections(),
                TOPICS.training(),
                TOPICS.models()));
    // given: pictures that were classified by a process that is gone, as are its stores
    try (ClassifierService classifier = classifier()) {
      classifier.running().join();
      publish();
      await("predictions")
          .atMost(PATIENCE)
          .until(() -> records(TOPICS.predictions().name()) == PICTURES);
    }
    config = config(broker, "two");
    closer.own(classifier()).running().join();
    closer.own(new TrainerRunner(config, new SimpleMeterRegistry(), spans.tracer())).ready().join();
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldLeadFromThePictureToTheHeadThatLearnedItAcrossRestarts() {
    // when
    correctElsewhere();
    labelOnThePage();
    await("a swap").atMost(PATIENCE).until(() -> !spans.named("swap").isEmpty());
    await("head and champion").atMost(PATIENCE).until(() -> records(TOPICS.models().name()) >= 2);

    // then: every record belongs to the trace of its picture
    assertThat(seen)
        .filteredOn(record -> !record.topic().equals(TOPICS.models().name()))
        .filteredOn(record -> !isElsewhere(record))
        .hasSize(PICTURES * 4 - CORRECTED_ELSEWHERE)
        .allSatisfy(
            record -> assertThat(trace(record)).isEqualTo(sentTrace(id(record)).getTraceId()));

    // and: one of them leads to the head, and to the moment from which it answers
    String trace = trace(first("head/1"));
    assertThat(sent.values()).extracting(SpanContext::getTraceId).contains(trace);
    assertThat(trace(first("alias/champion"))).isEqualTo(trace);
    assertThat(names(trace))
        .containsExactlyInAnyOrder(
            "classify", "answer", "join", "head", "train", "judge", "publish", "swap");
    SpanData head = spans.named("head").get(0);
    Set<String> learned = new TreeSet<>(Set.of(head.getTraceId()));
    head.getLinks().stream()
        .map(LinkData::getSpanContext)
        .map(SpanContext::getTraceId)
        .forEach(learned::add);
    assertThat(learned)
        .containsExactlyInAnyOrderElementsOf(
            sent.values().stream().map(SpanContext::getTraceId).toList());
  }

  private AfinaConfig config(TestBroker broker, String state) {
    return ConfigLoader.defaults()
        .set("kafka.bootstrap.servers", broker.bootstrapServers())
        .set("classifier.stateDir", folder.resolve(state))
        .set("classifier.threads", 1)
        .set("trainer.minNewExamples", PICTURES)
        .set("trainer.interval", "1h")
        .set("labelling.port", 0)
        .load();
  }

  private ClassifierService classifier() {
    return new ClassifierService(config, new SimpleMeterRegistry(), spans.tracer(), swap -> {});
  }

  private void publish() {
    try (Publisher<byte[]> images = Publisher.open(config, TOPICS.images())) {
      List<LabelledPicture> pictures = LabelledPicture.drawn(1, PICTURES);
      for (int i = 0; i < PICTURES; i++) {
        String id = "picture-" + i;
        sent.put(id, Spans.remote(i + 1));
        ProducerRecord<String, byte[]> image =
            new ProducerRecord<>(TOPICS.images().name(), id, pictures.get(i).bytes().get());
        TraceHeaders.write(sentTrace(id), image.headers());
        images.send(image);
      }
      images.flush();
    }
  }

  private void correctElsewhere() {
    for (int i = 0; i < CORRECTED_ELSEWHERE; i++) {
      String[] command = {
        "correct",
        "picture-" + i,
        label("picture-" + i),
        "-b",
        config.kafka().get("bootstrap.servers")
      };
      assertThat(Afina.commandLine().execute(command)).isZero();
    }
    await("examples")
        .atMost(PATIENCE)
        .until(() -> records(TOPICS.training().name()) == CORRECTED_ELSEWHERE);
  }

  private void labelOnThePage() {
    try (LabelServer server =
        new LabelServer(config, new NoActions(), new SimpleMeterRegistry(), spans.tracer())) {
      Client mia = Client.open(server.address());
      await("review items")
          .atMost(PATIENCE)
          .until(() -> answerAll(mia) == PICTURES - CORRECTED_ELSEWHERE);
    }
  }

  private int answerAll(Client mia) {
    JsonNode items = mia.json("POST", "/api/items", "{\"page\": \"p\", \"count\": 8}").get("items");
    for (JsonNode item : items) {
      String answer =
          "{\"page\": \"p\", \"item\": \"%s\", \"label\": \"%s\"}"
              .formatted(item.get("item").asText(), label(item.get("image").asText()));
      answered += mia.send("POST", "/api/answers", answer).statusCode() == 204 ? 1 : 0;
    }
    return answered;
  }

  private static String label(String id) {
    return id.charAt(id.length() - 1) % 2 == 0 ? "even" : "odd";
  }

  private long records(String topic) {
    consumer.poll(Duration.ofMillis(100)).forEach(seen::add);
    return seen.stream().filter(record -> record.topic().equals(topic)).count();
  }

  /** Nobody gave these corrections a trace; the examples have it all the same. */
  private static boolean isElsewhere(ConsumerRecord<byte[], byte[]> record) {
    return record.topic().equals(TOPICS.corrections().name())
        && Spans.header(record.headers()).isEmpty();
  }

  private SpanContext sentTrace(String id) {
    return sent.getOrDefault(id, SpanContext.getInvalid());
  }

  private ConsumerRecord<byte[], byte[]> first(String key) {
    return seen.stream().filter(record -> id(record).equals(key)).findFirst().orElseThrow();
  }

  private List<String> names(String trace) {
    return spans.ended().stream()
        .filter(span -> span.getTraceId().equals(trace))
        .map(SpanData::getName)
        .collect(Collectors.toList());
  }

  private static String trace(ConsumerRecord<byte[], byte[]> record) {
    return TraceHeaders.read(record.headers()).getTraceId();
  }

  private static String id(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
  }
}
