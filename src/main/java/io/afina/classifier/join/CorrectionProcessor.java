package io.afina.classifier.join;

import io.afina.event.Correction;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.RecordLimits;
import io.afina.event.UnusableRecordException;
import io.afina.event.Withdrawal;
import io.afina.event.header.TravellingHeaders;
import io.afina.metrics.DeadLetterMeters;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Parses corrections for the join, and tells of answers whoever asks; a malformed one becomes a
 * dead letter.
 */
final class CorrectionProcessor extends ContextualProcessor<byte[], byte[], Object, Object> {

  private final ImageIds ids;
  private final TravellingHeaders travelling;
  private final DeadLetterMeters meters;

  CorrectionProcessor(ImageIds ids, TravellingHeaders travelling, DeadLetterMeters meters) {
    this.meters = meters;
    this.ids = ids;
    this.travelling = travelling;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata at = context().recordMetadata().orElseThrow();
    SourceRecord source = SourceRecord.of(at, record);
    try {
      String id = ids.read(Stage.CORRECTION, record.key());
      Headers headers = travelling.of(Stage.CORRECTION, record.headers());
      Instant now = Instant.ofEpochMilli(context().currentSystemTimeMs());
      JoinInput input = read(source, now);
      context().forward(new Record<>(id, input, record.timestamp(), headers), Nodes.HOME);
      if (input instanceof JoinInput.Corrected said && said.correction().asked() != null) {
        context().forward(new Record<>(id, said.correction(), record.timestamp()), Nodes.ASK);
      }
    } catch (UnusableRecordException e) {
      meters.setAside(e.stage(), e.reason());
      context().forward(source.dead(e, context().currentSystemTimeMs()), Nodes.DEAD_LETTERS);
    }
  }

  /** A correction, or that one or all are withdrawn, as it is on its topic. */
  static JoinInput read(SourceRecord source, Instant now) throws UnusableRecordException {
    byte[] json = source.value();
    if (json == null) {
      return new JoinInput.Withdrawn();
    }
    try {
      if (source.bytes() > RecordLimits.CORRECTION_BYTES) {
        throw new MalformedRecordException(
            "has %,d bytes with its key and headers, the limit is %,d"
                .formatted(source.bytes(), RecordLimits.CORRECTION_BYTES));
      }
      Optional<Withdrawal> withdrawal = Withdrawal.read(json);
      return withdrawal.isPresent()
          ? withdrawn(withdrawal.get().requireLimits(now), source)
          : new JoinInput.Corrected(Json.read(json, Correction.class).requireLimits(now), source);
    } catch (MalformedRecordException e) {
      throw new UnusableRecordException(
          Stage.CORRECTION, Reason.MALFORMED, "the correction is unreadable: " + e.getMessage());
    }
  }

  private static JoinInput withdrawn(Withdrawal withdrawal, SourceRecord source) {
    String labeller = withdrawal.labeller();
    return withdrawal.keepsLabel() && labeller != null
        ? new JoinInput.Unnamed(labeller, source)
        : new JoinInput.VoteWithdrawn(labeller, source);
  }
}
