package io.afina.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Spans;
import io.afina.event.header.TraceHeaders;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExampleTracesTest {

  private final Spans spans = new Spans();
  private final ExampleTraces traces = new ExampleTraces();

  @AfterEach
  void stop() {
    spans.close();
  }

  @Test
  void shouldContinueTheTraceOfTheNewestExampleAndLinkToTheOthers() {
    // when
    add(0, 10, 1);
    add(1, 10, 2);
    traces.add(0, 11, new RecordHeaders());
    add(1, 11, 3);

    // then
    SpanData head = head();
    assertThat(head.getParentSpanId()).isEqualTo(Spans.remote(3).getSpanId());
    assertThat(head.getLinks())
        .extracting(LinkData::getSpanContext)
        .extracting(SpanContext::getSpanId)
        .containsExactly(Spans.remote(2).getSpanId(), Spans.remote(1).getSpanId());
  }

  @Test
  void shouldForgetWhatAHeadHasLearned() {
    // given
    add(0, 10, 1);
    add(1, 10, 2);
    add(0, 11, 3);

    // when
    traces.learned(Map.of(0, 12L));

    // then
    SpanData head = head();
    assertThat(head.getParentSpanId()).isEqualTo(Spans.remote(2).getSpanId());
    assertThat(head.getLinks()).isEmpty();
  }

  @Test
  void shouldBeginATraceWhenNoExampleHasOne() {
    traces.add(0, 10, new RecordHeaders());
    assertThat(head().getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void shouldKeepAsManyAsASpanCanLinkTo() {
    for (int i = 1; i <= 1000; i++) {
      add(0, i, i);
    }
    SpanData head = head();
    assertThat(head.getParentSpanId()).isEqualTo(Spans.remote(1000).getSpanId());
    assertThat(head.getLinks()).hasSize(128);
    assertThat(head.getTotalRecordedLinks()).isEqualTo(128);
  }

  private SpanData head() {
    traces.start(spans.tracer(), "head").end();
    return spans.named("head").get(0);
  }

  private void add(int partition, long offset, int digits) {
    RecordHeaders headers = new RecordHeaders();
    TraceHeaders.write(Spans.remote(digits), headers);
    traces.add(partition, offset, headers);
  }
}
