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
  private static final ImagePlace PLACE =
      new ImagePlace(Integer.MAX_VALUE, Long.MAX_VALUE)
          .at("\\".repeat(RecordLimits.URI), "a".repeat(64));

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
            text,
            text,
            Instant.EPOCH,
            embeddings(),
            ReviewReason.AUDIT,
            votes,
            Instant.EPOCH,
            PLACE);

    // then
    byte[] training = TOPICS.training().values().serializer().serialize("", example);
    shouldBeJustBelow(WIDEST.training(), training, WIDEST.headerBytes());
    shouldBeJustBelow(
        WIDEST.stray(),
        new Stray.Reduced(new byte[RecordLimits.PICTURE_BYTES], PLACE, 1).toBytes(),
        0);
    assertThat(new Stray.Image(embedding, PLACE, 1).toBytes().length + WIDEST.headerBytes())
        .isLessThan(WIDEST.stray());
    shouldBeJustBelow(
        WIDEST.picture(), new byte[RecordLimits.PICTURE_BYTES + Json.write(PLACE).length], 0);
    shouldBeJustBelow(
        WIDEST.labelled(),
        bytes(
            StoreSerdes.labelled(),
            new Labelled(
                new Joined(correction, Instant.now(), new Votes(votes)), embeddings(), PLACE, 1)),
        0);
    shouldBeJustBelow(
        WIDEST.embedding(),
        bytes(
            StoreSerdes.embedding(),
            new TracedEmbedding(embedding, SpanContext.getInvalid(), PLACE)),
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
