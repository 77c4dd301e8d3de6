package io.afina.classifier;

import static io.afina.DefaultTopics.TOPICS;
import static io.afina.Spans.header;
import static io.afina.Spans.remote;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Spans;
import io.afina.config.ConfigLoader;
import io.afina.event.Correction;
import io.afina.event.Topic;
import io.afina.kafka.Homes;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.TrustedKeys;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trace of an image on its way through the topology. */
class TracesTopologyTest {

  private static final String NOBODY = "";

  private final Spans spans = new Spans();
  private boolean recorded;
  private TopologyTestDriver driver;

  @BeforeEach
  void start(@TempDir Path state) {
    Properties properties = new Properties();
    properties.put("application.id", "traces");
    properties.put("bootstrap.servers", "none:1");
    properties.put("state.dir", state.toString());
    Tracer tracer = name -> (recorded ? spans.tracer() : Traces.off()).spanBuilder(name);
    driver =
        new TopologyTestDriver(
            ClassifierTopology.build(
                ConfigLoader.defaults().load(),
                Homes.among(1),
                new TextEmbedder(),
                new HeadSlot(Heads.BACKBONE, 3, TrustedKeys.anybody()),
                new SimpleMeterRegistry(),
                tracer),
            properties);
  }

  @AfterEach
  void stop() {
    driver.close();
    spans.close();
  }

  @Test
  void shouldCarryTheTraceOfTheImageToTheExampleWhoeverCorrectsIt() {
    // given
    image("x", header(remote(7)));

    // when
    correct("x", "bee", NOBODY);
    withdraw("x");

    // then
    assertThat(headers(TOPICS.predictions())).isEqualTo(header(remote(7)));
    assertThat(headers(TOPICS.review())).isEqualTo(header(remote(7)));
    TestOutputTopic<String, ?> training = output(TOPICS.training());
    assertThat(header(training.readRecord().headers())).isEqualTo(header(remote(7)));
    assertThat(header(training.readRecord().headers())).isEqualTo(header(remote(7)));
  }

  @Test
  void shouldCarryTheTraceOfACorrectionWhenNobodyTracedTheImage() {
    // given
    image("x", NOBODY);

    // when
    correct("x", "bee", header(remote(9)));

    // then
    assertThat(headers(TOPICS.predictions())).isEmpty();
    assertThat(headers(TOPICS.training())).isEqualTo(header(remote(9)));
  }

  @Test
  void shouldCarryTheTraceOfTheImageToTheExampleThatWaitedForIt() {
    // given
    correct("x", "bee", header(remote(9)));

    // when
    image("x", header(remote(7)));

    // then
    assertThat(headers(TOPICS.training())).isEqualTo(header(remote(7)));
  }

  @Test
  void shouldPassByATraceThatIsNone() {
    // when
    for (String wrong :
        new String[] {
          "00-ab-cd-01",
          "",
          "ff-" + header(remote(7)).substring(3),
          "00-00000000000000000000000000000000-0000000000000007-01",
          "x".repeat(100_000)
        }) {
      image("x", wrong);
    }
    RecordHeaders headers = new RecordHeaders();
    headers.add("traceparent", null).add("tracestate", new byte[] {(byte) 0xff});
    pipe(TOPICS.images(), "x", bytes("1 0 0"), headers);

    // then
    assertThat(output(TOPICS.predictions()).readRecordsToList())
        .hasSize(6)
        .allSatisfy(prediction -> assertThat(header(prediction.headers())).isEmpty());
    assertThat(output(TOPICS.deadLetters()).isEmpty()).isTrue();
  }

  @Test
  void shouldKeepWhatASystemOfItsOwnSaysOfTheTrace() {
    // given
    RecordHeaders headers = headersOf(header(remote(7)));
    headers.add("tracestate", bytes("shop=17"));

    // when
    pipe(TOPICS.images(), "x", bytes("1 0 0"), headers);

    // then
    Headers prediction = output(TOPICS.predictions()).readRecord().headers();
    assertThat(prediction.lastHeader("tracestate").value()).isEqualTo(bytes("shop=17"));
  }

  @Test
  void shouldLeaveTheTraceOfADeadLetterAsItCame() {
    // given
    recorded = true;

    // when
    pipe(TOPICS.images(), "x", bytes("no numbers"), headersOf(header(remote(7))));

    // then
    assertThat(headers(TOPICS.deadLetters())).isEqualTo(header(remote(7)));
    SpanData span = spans.named("classify").get(0);
    assertThat(span.getTraceId()).isEqualTo(remote(7).getTraceId());
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(span.getAttributes().asMap().values()).contains("not-a-picture", "decode");
  }

  @Test
  void shouldShowClassificationAndJoinAsChildrenOfTheImage() {
    // given
    recorded = true;

    // when
    image("x", header(remote(7)));
    correct("x", "bee", NOBODY);

    // then
    SpanData classify = spans.named("classify").get(0);
    SpanData join = spans.named("join").get(0);
    assertThat(classify.getParentSpanId()).isEqualTo(remote(7).getSpanId());
    assertThat(classify.getTraceId()).isEqualTo(remote(7).getTraceId());
    assertThat(classify.getAttributes().asMap().keySet())
        .extracting(Object::toString)
        .contains("messaging.destination.name", "afina.decode.ms", "afina.inference.ms");
    assertThat(headers(TOPICS.predictions())).isEqualTo(header(classify.getSpanContext()));
    assertThat(join.getParentSpanId()).isEqualTo(classify.getSpanId());
    assertThat(headers(TOPICS.training())).isEqualTo(header(join.getSpanContext()));
  }

  @Test
  void shouldContinueWithTheCorrectionThatContinuesTheTraceAndLinkToOneOfAnother() {
    // given
    recorded = true;
    image("x", header(remote(7)));
    SpanContext answer =
        SpanContext.create(
            remote(7).getTraceId(),
            remote(8).getSpanId(),
            remote(7).getTraceFlags(),
            remote(7).getTraceState());

    // when
    correct("x", "bee", header(answer));
    correct("x", "ant", header(remote(9)));

    // then
    SpanData continued = spans.named("join").get(0);
    assertThat(continued.getParentSpanId()).isEqualTo(answer.getSpanId());
    SpanData apart = spans.named("join").get(1);
    assertThat(apart.getTraceId()).isEqualTo(remote(7).getTraceId());
    assertThat(apart.getLinks())
        .extracting(LinkData::getSpanContext)
        .extracting(SpanContext::getTraceId)
        .containsExactly(remote(9).getTraceId());
  }

  @Test
  void shouldBeginATraceWhereThereIsNone() {
    // given
    recorded = true;

    // when
    image("x", NOBODY);

    // then
    SpanData classify = spans.named("classify").get(0);
    assertThat(classify.getParentSpanContext().isValid()).isFalse();
    assertThat(headers(TOPICS.predictions())).isEqualTo(header(classify.getSpanContext()));
  }

  private void image(String id, String trace) {
    pipe(TOPICS.images(), id, bytes("1 0 0"), headersOf(trace));
  }

  private void correct(String id, String label, String trace) {
    byte[] json =
        TOPICS
            .corrections()
            .values()
            .serializer()
            .serialize("", new Correction(label, "mia", null, null));
    pipe(TOPICS.corrections(), id, json, headersOf(trace));
  }

  private void withdraw(String id) {
    pipe(TOPICS.corrections(), id, null, new RecordHeaders());
  }

  private void pipe(Topic<?, ?> topic, String id, byte @Nullable [] value, Headers headers) {
    TestInputTopic<byte[], byte[]> input =
        driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer());
    input.pipeInput(new TestRecord<>(bytes(id), value, headers, 1234L));
    driver.advanceWallClockTime(Duration.ofMillis(1));
  }

  private static RecordHeaders headersOf(String trace) {
    RecordHeaders headers = new RecordHeaders();
    if (!trace.equals(NOBODY)) {
      headers.add("traceparent", bytes(trace));
    }
    return headers;
  }

  /** The trace of the one record that came out. */
  private String headers(Topic<?, ?> topic) {
    return output(topic).readRecordsToList().stream()
        .map(record -> header(record.headers()))
        .reduce((one, other) -> one + " and " + other)
        .orElseThrow();
  }

  private <K, V> TestOutputTopic<K, V> output(Topic<K, V> topic) {
    return driver.createOutputTopic(
        topic.name(), topic.keys().deserializer(), topic.values().deserializer());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
