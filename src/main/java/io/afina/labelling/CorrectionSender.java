package io.afina.labelling;

import io.afina.event.Correction;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.Withdrawal;
import io.afina.event.header.TraceHeaders;
import io.afina.http.Problem;
import io.afina.labelling.feed.LabellingClients;
import io.opentelemetry.api.trace.Span;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * Sends corrections. They belong to the trace of the current span, if there is one; the join finds
 * the image's for those that do not.
 *
 * @param topic that takes them
 * @param producer owned from here on
 */
public record CorrectionSender(String topic, Producer<byte[], byte[]> producer)
    implements AutoCloseable {

  /**
   * Sends one and waits until it has arrived.
   *
   * @return its offset
   * @throws Problem when it has not arrived
   */
  public long send(String image, Correction correction) {
    return await(begin(image, correction));
  }

  /**
   * Takes back what one labeller said, and waits until that has arrived.
   *
   * @return its offset
   * @throws Problem when it has not arrived
   */
  public long send(String image, Withdrawal withdrawal) {
    return await(begin(image, Json.write(withdrawal)));
  }

  /**
   * Sends one; {@link #await} tells whether it has arrived.
   *
   * @throws Problem when it is beyond the limits: the classifier would set it aside
   */
  public Future<RecordMetadata> begin(String image, Correction correction) {
    requireLimits(correction);
    return begin(image, Json.write(correction));
  }

  private Future<RecordMetadata> begin(String image, byte[] value) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, image.getBytes(StandardCharsets.UTF_8), value);
    TraceHeaders.write(Span.current().getSpanContext(), record.headers());
    try {
      return producer.send(record);
    } catch (KafkaException e) {
      throw notTaken(e);
    }
  }

  /**
   * Waits until a correction has arrived.
   *
   * @throws Problem when it has not
   */
  public long await(Future<RecordMetadata> sent) {
    try {
      return sent.get(2 * LabellingClients.DELIVERY.toMillis(), TimeUnit.MILLISECONDS).offset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notTaken(e);
    } catch (ExecutionException | TimeoutException e) {
      throw notTaken(e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }

  private static void requireLimits(Correction correction) {
    try {
      var unused = correction.requireLimits(Instant.now());
    } catch (MalformedRecordException e) {
      throw Problem.of(400, "bad-correction", "the correction " + e.getMessage());
    }
  }

  private static Problem notTaken(Exception e) {
    return Problem.of(
        503,
        "not-stored",
        "Kafka did not take the answer: %s; say it again".formatted(e.getMessage()));
  }
}
