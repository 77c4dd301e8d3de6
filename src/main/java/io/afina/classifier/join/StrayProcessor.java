package io.afina.classifier.join;

import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.MalformedRecordException;
import io.afina.event.UnusableRecordException;
import io.afina.event.header.TravellingHeaders;
import io.afina.metrics.DeadLetterMeters;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Reads what other tasks sent to its home, for the join. It trusts none of it, for whoever may
 * write {@code strays} may be no classifier, or one of another version: what is unusable becomes a
 * dead letter.
 */
final class StrayProcessor extends ContextualProcessor<byte[], byte[], Object, Object> {

  private final ImageIds ids;
  private final TravellingHeaders travelling;
  private final String corrections;
  private final DeadLetterMeters meters;

  /**
   * @param corrections the name of the topic that corrections come from
   */
  StrayProcessor(
      ImageIds ids, TravellingHeaders travelling, String corrections, DeadLetterMeters meters) {
    this.ids = ids;
    this.travelling = travelling;
    this.corrections = corrections;
    this.meters = meters;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata at = context().recordMetadata().orElseThrow();
    long now = context().currentSystemTimeMs();
    try {
      String id = ids.read(Stage.JOIN, record.key());
      Headers headers = travelling.of(Stage.JOIN, record.headers());
      Stray stray = Stray.of(record.value());
      JoinInput input = input(record.key(), stray, now);
      long timestamp = Timestamps.orNow(stray.timestamp(), now);
      context().forward(new Record<>(id, input, timestamp, headers), Nodes.JOIN);
    } catch (MalformedRecordException e) {
      setAside(
          at,
          record,
          new UnusableRecordException(
              Stage.JOIN, Reason.MALFORMED, "the stray is unreadable: it " + e.getMessage(), e));
    } catch (UnusableRecordException e) {
      setAside(at, record, e);
    }
  }

  private JoinInput input(byte[] key, Stray stray, long now) throws UnusableRecordException {
    if (stray instanceof Stray.Corrected corrected) {
      SourceRecord source = corrected.source();
      if (!source.topic().equals(corrections)
          || !Arrays.equals(source.key(), key)
          || source.timestamp() < 0) {
        throw new MalformedRecordException(
            "is not of %s, has another key than its correction, or is older than 1970"
                .formatted(corrections));
      }
      return CorrectionProcessor.read(source, Instant.ofEpochMilli(now));
    }
    if (stray instanceof Stray.Image image) {
      return new JoinInput.Image(image.embedding(), image.place());
    } else if (stray instanceof Stray.Reduced reduced) {
      return new JoinInput.Reduced(reduced.jpeg(), reduced.place());
    } else if (stray instanceof Stray.Embedded embedded) {
      return new JoinInput.Embedded(embedded.embedding(), embedded.place());
    } else if (stray instanceof Stray.Dropped dropped) {
      return new JoinInput.Dropped(dropped.backbone());
    } else if (stray instanceof Stray.Erased) {
      return new JoinInput.Erased();
    }
    return new JoinInput.Withdrawn();
  }

  private void setAside(
      RecordMetadata at, Record<byte[], byte[]> record, UnusableRecordException why) {
    meters.setAside(why.stage(), why.reason());
    context()
        .forward(
            SourceRecord.of(at, record).dead(why, context().currentSystemTimeMs()),
            Nodes.DEAD_LETTERS);
  }
}
