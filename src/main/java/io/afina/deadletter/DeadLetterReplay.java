package io.afina.deadletter;

import io.afina.config.AfinaConfig;
import io.afina.event.DeadLetter;
import io.afina.event.Topics;
import io.afina.event.header.ReplayMark;
import io.afina.kafka.KafkaSettings;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.topic.ReadyTopics;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Puts dead letters back on the topics that they came from, each in one transaction with a mark
 * that it was replayed. Opening a replay fences every other and ends its transaction, so that the
 * marks that are read afterwards are complete. For one thread.
 */
public final class DeadLetterReplay implements AutoCloseable {

  private static final int LARGEST_REQUEST = 64 << 20;

  /** Readers of committed records stop at an open transaction: it must be short. */
  private static final int RECORDS_PER_TRANSACTION = 500;

  private static final long BYTES_PER_TRANSACTION = 16L << 20;

  /** The longest that classifiers stand still after a replay was killed. */
  private static final int TRANSACTION_TIMEOUT_MILLIS = 20_000;

  private final Producer<byte[], byte[]> producer;
  private boolean open;
  private int records;
  private long bytes;
  private int done;

  private DeadLetterReplay(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /** The same for every replay of an installation: there may be one at a time. */
  public static String transactionalId(Topics topics) {
    return topics.prefix() + "afina-dead-letters";
  }

  /** The topics that records are put back on; nobody makes Afina write to others. */
  public static Set<String> targets(Topics topics) {
    return Set.of(topics.images().name(), topics.corrections().name(), topics.strays().name());
  }

  /** Opens it; ends in one sentence when a topic is missing or the cluster cannot be reached. */
  public static DeadLetterReplay open(AfinaConfig config) {
    ReadyTopics.require(config, targets(config.topics()));
    Serializer<byte[]> raw = new ByteArraySerializer();
    DeadLetterReplay replay =
        new DeadLetterReplay(
            new KafkaProducer<>(
                new KafkaSettings(config)
                    .recommend(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST)
                    .recommend(ProducerConfig.BUFFER_MEMORY_CONFIG, LARGEST_REQUEST)
                    .recommend(
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS)
                    .require(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId(config.topics()))
                    .toMap(),
                raw,
                raw));
    try {
      replay.producer.initTransactions();
      return replay;
    } catch (RuntimeException e) {
      replay.close();
      throw e;
    }
  }

  /** Puts one back; it is there after {@link #finish}, or earlier. */
  public void putBack(ConsumerRecord<byte[], byte[]> letter) {
    attempt(
        () -> {
          begin();
          send(letter);
          if (records >= RECORDS_PER_TRANSACTION || bytes >= BYTES_PER_TRANSACTION) {
            commit();
          }
        });
  }

  /** Ends the last transaction and returns how many were put back. */
  public int finish() {
    attempt(this::commit);
    return done;
  }

  /** Closes it; records of an unfinished transaction are not put back. */
  @Override
  public void close() {
    producer.close();
  }

  private void begin() {
    if (!open) {
      producer.beginTransaction();
      open = true;
    }
  }

  private void send(ConsumerRecord<byte[], byte[]> letter) {
    ReplayMark mark = new ReplayMark(DeadLetters.id(letter));
    // A failed send fails the commit.
    var unusedRecord = producer.send(original(letter, mark));
    var unusedMark = producer.send(marked(letter, mark));
    records++;
    bytes += letter.serializedValueSize();
  }

  private static ProducerRecord<byte[], byte[]> original(
      ConsumerRecord<byte[], byte[]> letter, ReplayMark mark) {
    String topic = DeadLetter.from(letter.headers()).topic();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, letter.key(), letter.value());
    mark.replayed(letter.headers()).forEach(record.headers()::add);
    return record;
  }

  private static ProducerRecord<byte[], byte[]> marked(
      ConsumerRecord<byte[], byte[]> letter, ReplayMark mark) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(letter.topic(), letter.partition(), null, null);
    mark.headers().forEach(record.headers()::add);
    return record;
  }

  private void commit() {
    if (open) {
      producer.commitTransaction();
      done += records;
      records = 0;
      bytes = 0;
      open = false;
    }
  }

  private void attempt(Runnable step) {
    try {
      step.run();
    } catch (KafkaException e) {
      throw failed(e);
    }
  }

  private AfinaException failed(KafkaException e) {
    boolean fenced =
        AfinaException.isCausedBy(
            e, ProducerFencedException.class, InvalidProducerEpochException.class);
    String why =
        fenced
            ? "another replay took its place, or it was too slow for its transaction"
            : "the broker did not take a record: " + e.getMessage();
    return new AfinaException(
        fenced ? ExitCode.FAILURE : ExitCode.UNREACHABLE,
        "the replay stopped after %d: %s; run it again for the rest, nothing is put back twice"
            .formatted(done, why),
        e);
  }
}
