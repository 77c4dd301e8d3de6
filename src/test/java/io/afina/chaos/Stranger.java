package io.afina.chaos;

import static io.afina.DefaultTopics.TOPICS;

import io.afina.backbone.BackboneResolver;
import io.afina.event.AliasRecord;
import io.afina.event.Json;
import io.afina.event.ModelKey;
import io.afina.model.BadCards;
import io.afina.model.Head;
import io.afina.model.Heads;
import io.afina.model.layer.Dense;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Somebody who may write to models, and has not the key by which heads are signed. */
final class Stranger implements AutoCloseable {

  /** How many ways he has. */
  static final int WAYS = 8;

  private static final String WHO = "stranger";
  private static final int WIDTH = 512;

  /**
   * So far ahead of the newest version he stays. With the one that a trainer is just giving, his
   * alias would promote the trainer's head; guarantees.md does not promise that nobody can.
   */
  private static final int AHEAD = 10;

  private final String backbone = new BackboneResolver().resolve(null).id();
  private final Producer<String, byte[]> producer;

  Stranger(String bootstrapServers) {
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /**
   * Writes something that must not answer, and says what.
   *
   * @param newest the highest version that is given
   */
  String write(int way, long newest) {
    long version = newest + AHEAD + way % 2;
    switch (way) {
      case 0 -> {
        champion(version, "no head".getBytes(StandardCharsets.UTF_8));
        return "a champion that is no head";
      }
      case 1 -> {
        champion(version, Heads.file(head(version, "ab".repeat(32))));
        return "a champion of another backbone";
      }
      case 2 -> {
        byte[] blob = Heads.file(head(version, backbone));
        blob[blob.length - 1]++;
        champion(version, blob);
        return "a champion with a wrong hash";
      }
      case 3 -> {
        champion(version, Heads.file(head(version, backbone)));
        return "a champion that is whole and not signed";
      }
      case 4 -> {
        send(ModelKey.CHAMPION, "{".getBytes(StandardCharsets.UTF_8));
        return "an alias that cannot be read";
      }
      case 5 -> {
        send(ModelKey.CHAMPION, null);
        return "the end of the champion's alias";
      }
      case 6 -> {
        return badCard(version);
      }
      default -> {
        send(new ModelKey.Head(Math.max(1, newest)), "no head".getBytes(StandardCharsets.UTF_8));
        return "something else in the place of the newest head";
      }
    }
  }

  @Override
  public void close() {
    producer.close();
  }

  private String badCard(long version) {
    List<Map.Entry<String, byte[]>> bad = List.copyOf(BadCards.bad().entrySet());
    Map.Entry<String, byte[]> one = bad.get((int) (version % bad.size()));
    champion(version, one.getValue());
    return "a champion in whose card something is wrong: " + one.getKey();
  }

  private void champion(long version, byte[] blob) {
    send(new ModelKey.Head(version), blob);
    send(
        ModelKey.CHAMPION,
        Json.write(new AliasRecord(version, WHO, Instant.now(), "because he can")));
  }

  private static Head head(long version, String backbone) {
    return new Head(
        Heads.card(version, backbone, WIDTH, WHO, "other"),
        List.of(new Dense(WIDTH, 2, new float[WIDTH * 2], new float[] {9, 0})));
  }

  private void send(ModelKey key, byte @Nullable [] value) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(Recorder.STRANGER, new byte[0]);
    var unused =
        producer.send(
            new ProducerRecord<>(TOPICS.models().name(), null, key.text(), value, headers));
    producer.flush();
  }
}
