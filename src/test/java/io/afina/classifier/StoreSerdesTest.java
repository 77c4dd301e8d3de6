package io.afina.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Spans;
import io.afina.event.Embedding;
import io.afina.model.Heads;
import io.opentelemetry.api.trace.SpanContext;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class StoreSerdesTest {

  private final Serde<TracedEmbedding> serde = StoreSerdes.embedding();

  @Test
  void shouldKeepAnEmbeddingWithItsTrace() {
    for (float[] values : new float[][] {{1, 2, 3}, {4, 5}}) {
      // when
      TracedEmbedding kept =
          through(new TracedEmbedding(new Embedding(Heads.BACKBONE, values), Spans.remote(7)));

      // then
      assertThat(kept.embedding().values()).containsExactly(values);
      assertThat(kept.embedding().backbone()).isEqualTo(Heads.BACKBONE);
      assertThat(kept.trace()).isEqualTo(Spans.remote(7));
    }
  }

  @Test
  void shouldTakeNoMoreRoomForAnEmbeddingWithoutATrace() {
    // given
    TracedEmbedding plain =
        new TracedEmbedding(
            new Embedding(Heads.BACKBONE, new float[] {1, 2, 3}), SpanContext.getInvalid());

    // then
    assertThat(serde.serializer().serialize("", plain)).hasSize(32 + 6);
    assertThat(through(plain).embedding().values()).containsExactly(1, 2, 3);
    assertThat(through(plain).trace().isValid()).isFalse();
  }

  private TracedEmbedding through(TracedEmbedding embedding) {
    return serde.deserializer().deserialize("", serde.serializer().serialize("", embedding));
  }
}
