package io.afina.model;

import io.afina.config.AfinaConfig;
import io.afina.decide.DoubtRecord;
import io.afina.event.AliasRecord;
import io.afina.event.BackboneRecord;
import io.afina.event.BackboneRecord.State;
import io.afina.event.Json;
import io.afina.event.ModelKey;
import io.afina.event.Topic;
import io.afina.event.header.TraceHeaders;
import io.afina.kafka.KafkaSettings;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.suspect.Suspects;
import io.opentelemetry.api.trace.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Writes heads and aliases to {@code models}, each change in one transaction. There is a single
 * writer at a time: all trainers and people share one transactional id, so opening a writer fences
 * the previous one. A fenced writer fails at its next write; who opens a new one reads what was
 * written meanwhile, so versions never repeat and no move of an alias is lost.
 *
 * <p>What is written belongs to the trace of the current span, if there is one.
 *
 * <p>Every method throws {@link KafkaException} when nothing was written, because the writer is
 * fenced or the broker refused; it cannot be used any more then.
 */
public final class ModelWriter implements AutoCloseable {

  /** A head of 1024 hidden units over 2048 dimensions and 1000 labels is 12 MB. */
  public static final int LARGEST_HEAD = 64 << 20;

  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final Topic<String, byte[]> topic;
  private final Producer<String, byte @Nullable []> producer;
  private final ModelLog log;
  private final PublishedHeads published;
  private final Optional<HeadSigner> signer;
  private @Nullable Future<RecordMetadata> last;

  /**
   * Opens the writer and reads what was written so far.
   *
   * @param log stays the caller's
   */
  public ModelWriter(AfinaConfig config, ModelLog log) {
    this.log = log;
    published = new PublishedHeads(log);
    topic = config.topics().models();
    signer = HeadSigner.read(config.trainer().signingKey());
    producer =
        new KafkaProducer<>(
            new KafkaSettings(config)
                .recommend(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_HEAD)
                .recommend(ProducerConfig.BUFFER_MEMORY_CONFIG, LARGEST_HEAD)
                .require(ProducerConfig.TRANSACTIONAL_ID_CONFIG, config.trainer().group())
                .toMap(),
            topic.keys().serializer(),
            topic.values().serializer());
    try {
      producer.initTransactions();
      log.readToEnd();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Publishes a head without an alias: its verdict says why. */
  public void publish(Head head) {
    write(() -> send(head));
  }

  /** Publishes a head as the champion. */
  public void promote(Head head, String who, String why) {
    write(
        () -> {
          send(head);
          champion(head.version(), head.card().backbone(), who, why);
        });
  }

  /** Publishes a head as the challenger. */
  public void challenge(Head head, String who, String why) {
    write(
        () -> {
          send(head);
          move(ModelKey.CHALLENGER, head.version(), who, why);
        });
  }

  /**
   * Makes a head the champion that was published before. Where there is a signing key, it is
   * written again, signed.
   *
   * @throws AfinaException when there is none of that version, or it cannot be read
   */
  public void promote(long version, String who, String why) {
    String backbone = published.require(version).backbone();
    Optional<byte[]> signed = signer.flatMap(s -> signed(version, s));
    write(
        () -> {
          signed.ifPresent(blob -> send(new ModelKey.Head(version), blob));
          champion(version, backbone, who, why);
        });
  }

  /** The same head with our signature; empty where it has it already. */
  private Optional<byte[]> signed(long version, HeadSigner with) {
    byte[] blob = log.head(version).orElseThrow();
    byte[] signed = HeadFile.sign(blob, with);
    return Arrays.equals(blob, signed) ? Optional.empty() : Optional.of(signed);
  }

  /**
   * Swaps the champion with the previous one.
   *
   * @param pin whether to pin it: the next training might else promote another
   * @throws AfinaException when there is no champion before, or it cannot be read
   */
  public void rollback(String who, String why, boolean pin) {
    long back =
        at(ModelKey.PREVIOUS)
            .orElseThrow(
                () ->
                    new AfinaException(
                        ExitCode.NOT_FOUND, "there is no champion before this one to go back to"));
    String backbone = published.require(back).backbone();
    write(
        () -> {
          champion(back, backbone, who, why);
          if (pin) {
            move(ModelKey.PINNED, back, who, why);
          }
        });
  }

  /**
   * Pins the champion: nothing else is promoted.
   *
   * @throws AfinaException when there is no champion
   */
  public void pin(String who, String why) {
    long champion =
        at(ModelKey.CHAMPION)
            .orElseThrow(
                () -> new AfinaException(ExitCode.NOT_FOUND, "there is no champion to pin"));
    write(() -> move(ModelKey.PINNED, champion, who, why));
  }

  /** Unpins the champion: heads are promoted again. */
  public void unpin(String who, String why) {
    write(() -> move(ModelKey.PINNED, null, who, why));
  }

  /** Removes the alias of the challenger. */
  public void dismissChallenger(String who, String why) {
    write(() -> move(ModelKey.CHALLENGER, null, who, why));
  }

  /** Says why no head can be trained; empty once one can. */
  public void untrained(Optional<String> why, String who) {
    write(
        () ->
            send(
                ModelKey.UNTRAINED,
                why.map(text -> new AliasRecord(null, who, Instant.now(), text))
                    .map(Json::write)
                    .orElse(null)));
  }

  /** Corrects the thresholds of a head. */
  public void correct(long version, DoubtRecord doubt) {
    write(() -> send(new ModelKey.Decide(version), Json.write(doubt)));
  }

  /** Says which examples' labels look wrong. */
  public void suspects(Suspects found) {
    write(() -> send(new ModelKey.Suspects(), found.toBytes()));
  }

  /** Says what backbones are there for, all in one transaction. */
  public void backbones(Map<String, BackboneRecord> said) {
    write(() -> said.forEach((id, record) -> send(new ModelKey.Backbone(id), Json.write(record))));
  }

  /**
   * Deletes heads for good.
   *
   * @throws AfinaException when an alias points at one, or one is the newest, whose version must
   *     not be given again
   */
  public void remove(Collection<Long> versions) {
    for (long version : versions) {
      published.requireThere(version);
      if (log.isHeld(version)) {
        throw new AfinaException(
            ExitCode.USAGE,
            "head %d stays: an alias points at it, or it is the newest".formatted(version));
      }
    }
    write(() -> versions.forEach(this::delete));
  }

  private void delete(long version) {
    send(new ModelKey.Head(version), null);
    log.doubt(version).ifPresent(doubt -> send(new ModelKey.Decide(version), null));
  }

  /** Without a broker nothing is waited for: the next writer ends a transaction that is open. */
  @Override
  public void close() {
    producer.close(CLOSING);
  }

  /** Its backbone answers with it: an upgrade to that has come to its end. */
  private void champion(long version, String backbone, String who, String why) {
    BackboneRecord said = log.backbones().get(backbone);
    if (said != null && said.state() == State.WANTED) {
      send(
          new ModelKey.Backbone(backbone),
          Json.write(said.in(State.ANSWERING, who, Instant.now(), why)));
    }
    at(ModelKey.CHAMPION)
        .filter(before -> before != version)
        .ifPresent(before -> move(ModelKey.PREVIOUS, before, who, why));
    at(ModelKey.CHALLENGER)
        .filter(challenger -> challenger == version)
        .ifPresent(challenger -> move(ModelKey.CHALLENGER, null, who, why));
    at(ModelKey.PINNED)
        .filter(pinned -> pinned != version)
        .ifPresent(pinned -> move(ModelKey.PINNED, version, who, why));
    move(ModelKey.CHAMPION, version, who, why);
  }

  private void move(ModelKey.Alias alias, @Nullable Long version, String who, String why) {
    Instant now = Instant.now();
    AliasRecord record =
        log.alias(alias)
            .map(before -> before.moved(version, who, now, why))
            .orElseGet(() -> new AliasRecord(version, who, now, why));
    send(alias, Json.write(record));
  }

  private Optional<Long> at(ModelKey.Alias alias) {
    return log.alias(alias).map(AliasRecord::version);
  }

  private static long offsetOf(@Nullable Future<RecordMetadata> sent) {
    try {
      return sent == null ? -1 : sent.get().offset();
    } catch (ExecutionException | InterruptedException e) {
      throw new KafkaException("a committed record has no offset", e);
    }
  }

  /** Waits until the log has the write, which the next one builds on. */
  private void write(Runnable sends) {
    producer.beginTransaction();
    sends.run();
    producer.commitTransaction();
    log.readPast(offsetOf(last));
  }

  private void send(Head head) {
    send(new ModelKey.Head(head.version()), HeadFile.write(head, signer));
  }

  private void send(ModelKey key, byte @Nullable [] value) {
    ProducerRecord<String, byte @Nullable []> record =
        new ProducerRecord<>(topic.name(), key.text(), value);
    TraceHeaders.write(Span.current().getSpanContext(), record.headers());
    // A failed send fails the commit.
    last = producer.send(record);
  }
}
