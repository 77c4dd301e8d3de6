package io.afina.classifier.join;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.classifier.join.PendingCorrections.Pending;
import io.afina.event.Correction;
import io.afina.event.Embedding;
import io.afina.event.Json;
import io.afina.event.RecordLimits;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.TrainingExample;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.event.TrainingExample.Vote;
import io.afina.model.Heads;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/**
 * The largest record of each kind is about as large as {@link RecordLimits} says, and no larger.
 */
class LargestRecordsTest {

  private static final RecordLimits WIDEST = RecordLimits.WIDEST;
  private static final ImagePlace PLACE =
      new ImagePlace(Integer.MAX_VALUE, Long.MAX_VALUE)
          .at("\\".repeat(RecordLimits.URI), "a".repeat(64));

  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00.123456789Z");
  private static final String TEXT = "\u0001".repeat(RecordLimits.LABEL);
  private static final List<Vote> VOTES =
      Collections.nCopies(RecordLimits.VOTES, new Vote(TEXT, TEXT));
  private static final List<Correction> CAST =
      Collections.nCopies(RecordLimits.VOTES, new Correction(TEXT, TEXT, NOW, null));
  private static final Embedding EMBEDDING =
      new Embedding(Heads.BACKBONE, new float[WIDEST.dimensions()]);
  private static final Joined JOINED =
      new Joined(
          new Correction(TEXT, TEXT, NOW, "\u0001".repeat(RecordLimits.NOTE)),
          NOW,
          new Votes(CAST));

  @Test
  void shouldHaveTheLargestRecordsOnTopicsJustBelowTheLimits() {
    // given
    TrainingExample example =
        new TrainingExample(
            TEXT,
            TEXT,
            Instant.EPOCH,
            embeddings(),
            ReviewReason.AUDIT,
            VOTES,
            Instant.EPOCH,
            PLACE);
    byte[] jpeg = new byte[RecordLimits.PICTURE_BYTES];

    // then
    byte[] training = TOPICS.training().values().serializer().serialize("", example);
    shouldBeJustBelow(WIDEST.training(), training, WIDEST.headerBytes());
    shouldBeJustBelow(WIDEST.stray(), new Stray.Reduced(jpeg, PLACE, 1).toBytes(), 0);
    assertThat(new Stray.Image(EMBEDDING, PLACE, 1).toBytes().length + WIDEST.headerBytes())
        .isLessThan(WIDEST.stray());
    shouldBeJustBelow(WIDEST.picture(), jpeg, Json.write(PLACE).length);
  }

  @Test
  void shouldHaveTheLargestRecordsOfStoresJustBelowTheLimits() {
    // given
    SourceRecord source =
        new SourceRecord(
            "corrections", 1, 2, 3, null, new byte[RecordLimits.CORRECTION_BYTES], List.of());
    TracedEmbedding traced = new TracedEmbedding(EMBEDDING, SpanContext.getInvalid(), PLACE);
    Labelled labelled = new Labelled(JOINED, embeddings(), PLACE, 1);
    Pending pending = new Pending(source, 1, new Votes(CAST));

    // then
    shouldBeJustBelow(WIDEST.embedding(), bytes(StoreSerdes.embedding(), traced), 0);
    shouldBeJustBelow(WIDEST.labelled(), bytes(StoreSerdes.labelled(), labelled), 0);
    shouldBeJustBelow(WIDEST.joined(), bytes(StoreSerdes.json(Joined.class), JOINED), 0);
    shouldBeJustBelow(WIDEST.waiting(), bytes(StoreSerdes.pending(), pending), 0);
  }

  private static List<Embedding> embeddings() {
    return IntStream.range(0, TrainingExample.EMBEDDINGS)
        .mapToObj(
            n -> new Embedding(Integer.toString(n).repeat(64), new float[WIDEST.dimensions()]))
        .toList();
  }

  private static void shouldBeJustBelow(int limit, byte[] value, int headers) {
    byte[] key = new byte[WIDEST.keyBytes()];
    RecordHeaders all = new RecordHeaders();
    all.add("ce_x", new byte[headers]);
    assertThat(RecordLimitsPropertyTest.size(new TestRecord<>(key, value, all)))
        .isBetween(limit - 6_000, limit);
  }

  private static <V> byte[] bytes(Serde<V> serde, V value) {
    return serde.serializer().serialize("", value);
  }
}
