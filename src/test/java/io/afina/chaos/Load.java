package io.afina.chaos;

import static io.afina.DefaultTopics.TOPICS;

import io.afina.chaos.check.History.Acknowledged;
import io.afina.chaos.check.Place;
import io.afina.classifier.join.Partitioner;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Publishes the plan, and remembers what the brokers acknowledged. */
final class Load implements AutoCloseable {

  private final Plan plan;
  private final Producer<byte[], byte[]> producer;
  private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
  private final AtomicLong floods = new AtomicLong(Plan.FLOOD);
  private long steps;

  Load(Plan plan, String bootstrapServers) {
    this.plan = plan;
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", bootstrapServers,
                // Brokers come back: whoever publishes pictures waits for them.
                "delivery.timeout.ms", 900_000,
                "max.block.ms", 900_000,
                "request.timeout.ms", 10_000),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Publishes the records of the next step. */
  void step() {
    plan.step(steps++).forEach(this::send);
  }

  /** Publishes poison pictures all at once. */
  void flood(int count) {
    for (int i = 0; i < count; i++) {
      send(plan.send(floods.getAndIncrement()));
    }
  }

  /** Waits until the brokers have all of it. */
  void flush() {
    producer.flush();
  }

  List<Acknowledged> acknowledged() {
    return List.copyOf(acknowledged);
  }

  @Override
  public void close() {
    producer.close();
  }

  /** Images come as from most clients that are not written in Java, and so away from their home. */
  private ProducerRecord<byte[], byte[]> asFromLibrdkafka(ProducerRecord<byte[], byte[]> record) {
    if (record.key() == null || !record.topic().equals(TOPICS.images().name())) {
      return record;
    }
    int partitions = producer.partitionsFor(record.topic()).size();
    return new ProducerRecord<>(
        record.topic(),
        Partitioner.LIBRDKAFKA.partition(record.key(), 0, partitions),
        record.timestamp(),
        record.key(),
        record.value(),
        record.headers());
  }

  private void send(Plan.Send send) {
    var unused =
        producer.send(
            asFromLibrdkafka(send.record()),
            (at, failure) -> {
              if (failure == null) {
                acknowledged.add(
                    new Acknowledged(
                        at.topic(), new Place(at.partition(), at.offset()), send.number()));
              }
            });
  }
}
