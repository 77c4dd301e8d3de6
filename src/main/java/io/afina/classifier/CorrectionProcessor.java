package io.afina.classifier;

import io.afina.event.Correction;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.RecordLimits;
import io.afina.event.TravellingHeaders;
import io.afina.event.UnusableRecordException;
import io.afina.metrics.DeadLetterMeters;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Parses corrections for the join; a malformed one becomes a dead letter. */
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
      JoinInput input = read(source);
      context().forward(new Record<>(id, input, record.timestamp(), headers), Nodes.JOIN);
    } catch (UnusableRecordException e) {
      meters.setAside(e.stage(), e.reason());
      context().forward(source.dead(e, context().currentSystemTimeMs()), Nodes.DEAD_LETTERS);
    }
  }

  private JoinInput read(SourceRecord source) throws UnusableRecordException {
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
      Instant now = Instant.ofEpochMilli(context().currentSystemTimeMs());
      return new JoinInput.Corrected(Json.read(json, Correction.class).requireLimits(now), source);
    } catch (MalformedRecordException e) {
      throw new UnusableRecordException(
          Stage.CORRECTION, Reason.MALFORMED, "the correction is unreadable: " + e.getMessage());
    }
  }
}
