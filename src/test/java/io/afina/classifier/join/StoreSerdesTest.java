package io.afina.classifier.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.Spans;
import io.afina.classifier.join.PendingCorrections.Pending;
import io.afina.classifier.join.SourceRecord.RecordHeader;
import io.afina.event.Correction;
import io.afina.event.Embedding;
import io.afina.event.Float16;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.model.Heads;
import io.opentelemetry.api.trace.SpanContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class StoreSerdesTest {

  private static final Serde<Joined> JOINED = StoreSerdes.json(Joined.class);
  private static final Serde<Labelled> LABELLED = StoreSerdes.labelled();
  private static final Serde<Pending> PENDING = StoreSerdes.pending();

  /** A hash that looks like a version, which it may. */
  private static final String HASH = "ff01".repeat(16);

  private static final String TRACE = trace(Spans.remote(7));

  private final Serde<TracedEmbedding> serde = StoreSerdes.embedding();

  private static String trace(SpanContext span) {
    return span.getTraceId() + span.getSpanId() + span.getTraceFlags().asHex();
  }

  @Test
  void shouldKeepAnEmbeddingWithItsTrace() {
    for (float[] values : new float[][] {{1, 2, 3}, {4, 5}}) {
      // when
      TracedEmbedding kept =
          through(
              new TracedEmbedding(new Embedding(Heads.BACKBONE, values), Spans.remote(7), null));

      // then
      assertThat(kept.embedding().values()).containsExactly(values);
      assertThat(kept.embedding().backbone()).isEqualTo(Heads.BACKBONE);
      assertThat(kept.trace()).isEqualTo(Spans.remote(7));
    }
  }

  @Test
  void shouldTakeNoRoomForATraceWhereThereIsNone() {
    // given
    TracedEmbedding plain =
        new TracedEmbedding(
            new Embedding(Heads.BACKBONE, new float[] {1, 2, 3}), SpanContext.getInvalid(), null);

    // then
    assertThat(serde.serializer().serialize("", plain)).hasSize(32 + 3 + 4 + 6);
    assertThat(through(plain).embedding().values()).containsExactly(1, 2, 3);
    assertThat(through(plain).trace().isValid()).isFalse();
  }

  @Test
  void shouldWriteTheHashAMarkTheVersionTheTraceAndTheNumbers() {
    // given
    TracedEmbedding traced =
        new TracedEmbedding(new Embedding(HASH, new float[] {1, -2}), Spans.remote(7), null);

    // then
    assertThat(HexFormat.of().formatHex(serde.serializer().serialize("", traced)))
        .isEqualTo(HASH + "ff" + "02" + "01" + TRACE + "ffffffff" + "3c00" + "c000");
  }

  @Test
  void shouldReadAnEmbeddingOfTheFirstVersion() {
    // when
    TracedEmbedding plain = read(HASH + "ff" + "01" + "00" + "3c00" + "c000");
    TracedEmbedding traced = read(HASH + "ff" + "01" + "01" + TRACE + "3c00" + "c000");

    // then
    assertThat(plain.embedding().values()).containsExactly(1, -2);
    assertThat(traced.embedding().values()).containsExactly(1, -2);
    assertThat(traced.trace()).isEqualTo(Spans.remote(7));
    assertThat(traced.place()).isNull();
  }

  @Test
  void shouldKeepWhereAnImageIs() {
    // given
    ImagePlace place = new ImagePlace(3, 141).at("s3://a/b", null);
    Embedding embedding = new Embedding(HASH, new float[] {1});

    // then
    assertThat(through(new TracedEmbedding(embedding, Spans.remote(7), place)).place())
        .isEqualTo(place);
  }

  @Test
  void shouldKeepWhatIsKnownOfAnImageWithALabel() {
    // given
    Joined label = new Joined(new Correction("bee", "mia", null, null), Instant.EPOCH, Votes.NONE);
    List<Embedding> embeddings =
        List.of(
            new Embedding(HASH, new float[] {1, 2}),
            new Embedding(Heads.BACKBONE, new float[] {3}));
    for (ImagePlace place : new ImagePlace[] {null, new ImagePlace(3, 141).kept(true)}) {
      Labelled known = new Labelled(label, embeddings, place, 7);

      // when
      Labelled read =
          LABELLED.deserializer().deserialize("", LABELLED.serializer().serialize("", known));

      // then
      assertThat(read).usingRecursiveComparison().isEqualTo(known);
    }
  }

  @Test
  void shouldReadAnEmbeddingOfTheFirstFormat() {
    // when
    TracedEmbedding plain = read(HASH + "3c00" + "c000" + "7c00");
    TracedEmbedding traced = read(HASH + "3c00" + "c000" + TRACE);

    // then
    assertThat(plain.embedding().backbone()).isEqualTo(HASH);
    assertThat(plain.embedding().values()).containsExactly(1, -2, Float.POSITIVE_INFINITY);
    assertThat(plain.trace().isValid()).isFalse();
    assertThat(traced.embedding().backbone()).isEqualTo(HASH);
    assertThat(traced.embedding().values()).containsExactly(1, -2);
    assertThat(traced.trace()).isEqualTo(Spans.remote(7));
  }

  /** Every half that is not a NaN, as the only number: none of them looks like a version. */
  @Test
  void shouldTakeNoNumberOfTheFirstFormatForAVersion() {
    for (int half = 0; half <= 0xffff; half++) {
      float number = Float16.toFloat((short) half);
      if (!Float.isNaN(number)) {
        // when
        float[] values = read(HASH + HexFormat.of().toHexDigits((short) half)).embedding().values();

        // then
        assertThat(values).containsExactly(number);
      }
    }
  }

  @Test
  void shouldRefuseAVersionThatItDoesNotKnow() {
    // given
    byte[] json = "\u0002{}".getBytes(StandardCharsets.UTF_8);

    // then
    assertThatThrownBy(() -> read(HASH + "ff" + "03" + "00" + "3c00"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("version 3");
    assertThatThrownBy(() -> JOINED.deserializer().deserialize("", json))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("version 2");
  }

  @Test
  void shouldKeepALabelAsJsonBehindAVersion() {
    // given
    Joined label =
        new Joined(
            new Correction("bee", "mia", null, null),
            Instant.ofEpochSecond(1),
            new Votes(List.of(new Correction("bee", "mia", null, null))));

    // when
    byte[] bytes = JOINED.serializer().serialize("", label);

    // then
    assertThat(bytes).startsWith(1, '{').endsWith('}');
    assertThat(JOINED.deserializer().deserialize("", bytes)).isEqualTo(label);
  }

  @Test
  void shouldReadTheJsonOfTheFirstFormat() {
    // given
    String label =
        "{\"correction\":{\"label\":\"bee\",\"labeller\":\"mia\"},\"at\":\"1970-01-01T00:00:01Z\"}";
    String early =
        "{\"correction\":{\"label\":\"bee\"},\"source\":{\"topic\":\"corrections\",\"partition\":2,"
            + "\"offset\":3,\"timestamp\":4,\"key\":\"YQ==\",\"value\":\"eyJsYWJlbCI6ImJlZSJ9\",\"headers\":[]},\"since\":5}";

    // when
    Joined joined = JOINED.deserializer().deserialize("", utf8(label));
    Pending pending = PENDING.deserializer().deserialize("", utf8(early));

    // then
    assertThat(joined)
        .isEqualTo(
            new Joined(new Correction("bee", "mia", null, null), Instant.ofEpochSecond(1), null));
    assertThat(pending.correction().label()).isEqualTo("bee");
    assertThat(pending.source().key()).asString().isEqualTo("a");
    assertThat(pending.source().offset()).isEqualTo(3);
    assertThat(pending.since()).isEqualTo(5);
    assertThat(pending.votes()).isNull();
  }

  @Test
  void shouldKeepAWaitingCorrectionByteForByte() {
    // given
    byte[] json = utf8(" { \"label\" : \"bee\" } ");
    SourceRecord source =
        new SourceRecord(
            "corrections",
            2,
            3,
            -4,
            utf8("a"),
            json,
            List.of(new RecordHeader("x", null), new RecordHeader("x", new byte[] {0, -1})));
    Votes votes = new Votes(List.of(new Correction("bee", null, null, null)));

    // when
    byte[] bytes = PENDING.serializer().serialize("", new Pending(source, 5, votes));
    Pending kept = PENDING.deserializer().deserialize("", bytes);

    // then
    assertThat(bytes).startsWith(2).containsSequence(json);
    assertThat(kept.source()).usingRecursiveComparison().isEqualTo(source);
    assertThat(kept.since()).isEqualTo(5);
    assertThat(kept.votes()).isEqualTo(votes);
    assertThat(kept.correction().label()).isEqualTo("bee");
  }

  /** It was kept with the correction once more, and the bytes in Base64. */
  @Test
  void shouldReadAWaitingCorrectionOfTheFirstVersion() {
    // given
    String json =
        "\u0001{\"correction\":{\"label\":\"bee\"},\"source\":{\"topic\":\"corrections\",\"partition\":2,"
            + "\"offset\":3,\"timestamp\":4,\"key\":\"YQ==\",\"value\":\"eyJsYWJlbCI6ImJlZSJ9\",\"headers\":"
            + "[{\"key\":\"x\",\"value\":null}]},\"since\":5,\"votes\":{\"all\":[]}}";

    // when
    Pending pending = PENDING.deserializer().deserialize("", utf8(json));

    // then
    assertThat(pending.correction().label()).isEqualTo("bee");
    assertThat(pending.source().headers()).containsExactly(new RecordHeader("x", null));
    assertThat(pending.votes()).isEqualTo(Votes.NONE);
  }

  private TracedEmbedding read(String hex) {
    return serde.deserializer().deserialize("", HexFormat.of().parseHex(hex));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private TracedEmbedding through(TracedEmbedding embedding) {
    return serde.deserializer().deserialize("", serde.serializer().serialize("", embedding));
  }
}
