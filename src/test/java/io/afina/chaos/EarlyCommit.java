package io.afina.chaos;

import static io.afina.DefaultTopics.TOPICS;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/**
 * The fault of who commits too early: predictions are written in the transaction after the one that
 * commits the offsets of their images. Named to Kafka Streams as {@code default.client.supplier}.
 */
public final class EarlyCommit extends DefaultKafkaClientSupplier {

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> settings) {
    return new LateProducer(settings);
  }

  private static final class LateProducer extends KafkaProducer<byte[], byte[]> {

    private record Held(ProducerRecord<byte[], byte[]> record, Callback callback) {}

    private final List<Held> held = new ArrayList<>();

    LateProducer(Map<String, Object> settings) {
      super(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public void beginTransaction() {
      super.beginTransaction();
      List<Held> late = List.copyOf(held);
      held.clear();
      for (Held each : late) {
        var unused = super.send(each.record(), each.callback());
      }
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
      if (record.topic().equals(TOPICS.predictions().name())) {
        held.add(new Held(record, callback));
        return CompletableFuture.completedFuture(null);
      }
      return super.send(record, callback);
    }
  }
}
