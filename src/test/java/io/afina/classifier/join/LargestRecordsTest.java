package io.afina.classifier.join;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.classifier.join.JoinProcessor.Joined;
import io.afina.classifier.join.PendingCorrections.Pending;
import io.afina.event.Correction;
import io.afina.event.Embedding;
import io.afina.event.RecordLimits;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.TrainingExample;
import io.afina.event.TrainingExample.Vote;
import io.afina.model.Heads;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Instant;
import java.util.ArrayList;
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

  @Test
  void shouldHaveTheLargestRecordsJustBelowTheLimits() {
    // given
    String text = "\u0001".repeat(RecordLimits.LABEL);
    List<Vote> votes = new ArrayList<>();
    for (int i = 0; i < RecordLimits.VOTES; i++) {
      votes.add(new Vote(text, text));
    }
    Embedding embedding = new Embedding(Heads.BACKBONE, new float[WIDEST.dimensions()]);
    Correction correction =
        new Correction(text, text, Instant.now(), "\u0001".repeat(RecordLimits.NOTE));
    SourceRecord source =
        new SourceRecord(
            "corrections", 1, 2, 3, null, new byte[RecordLimits.CORRECTION_BYTES], List.of());
    TrainingExample example =
        new TrainingExample(
            text, text, Instant.EPOCH, embeddings(), ReviewReason.AUDIT, votes, Instant.EPOCH);

    // then
    byte[] training = TOPICS.training().values().serializer().serialize("", example);
    shouldBeJustBelow(WIDEST.training(), training, WIDEST.headerBytes());
    shouldBeJustBelow(
        WIDEST.stray(), new Stray.Image(embedding, 1).toBytes(), WIDEST.headerBytes());
    shouldBeJustBelow(
        WIDEST.embedding(),
        bytes(StoreSerdes.embedding(), new TracedEmbedding(embedding, SpanContext.getInvalid())),
        0);
    shouldBeJustBelow(
        WIDEST.joined(),
        bytes(
            StoreSerdes.json(Joined.class),
            new Joined(correction, Instant.now(), new Votes(votes))),
        0);
    shouldBeJustBelow(
        WIDEST.waiting(),
        bytes(StoreSerdes.pending(), new Pending(source, 1, new Votes(votes))),
        0);
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
