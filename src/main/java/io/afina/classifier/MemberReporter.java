package io.afina.classifier;

import io.afina.backbone.pool.BackbonePool;
import io.afina.backbone.pool.LoadedBackbone;
import io.afina.config.AfinaConfig;
import io.afina.event.ClassifierMember;
import io.afina.event.ClassifierMember.Loaded;
import io.afina.event.Topic;
import io.afina.kafka.KafkaSettings;
import io.afina.lifecycle.AfinaVersion;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says on {@code members} which backbones a classifier has loaded, whenever that changes: an
 * upgrade waits for all of them. For one thread.
 */
public final class MemberReporter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MemberReporter.class);
  private static final Duration SAID_AGAIN = Duration.ofDays(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Producer<String, @Nullable ClassifierMember> producer;
  private final String topic;
  private final String key;
  private volatile @Nullable ClassifierMember last;

  /**
   * Opens it.
   *
   * @param member its name, by which the consumer group knows it
   */
  public MemberReporter(AfinaConfig config, String member) {
    this(
        config,
        member,
        new KafkaProducer<>(
            new KafkaSettings(config)
                .recommend(ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) PATIENCE.toMillis())
                .toMap(),
            config.topics().members().keys().serializer(),
            config.topics().members().values().serializer()));
  }

  MemberReporter(
      AfinaConfig config, String member, Producer<String, @Nullable ClassifierMember> producer) {
    Topic<String, ClassifierMember> members = config.topics().members();
    this.topic = members.name();
    this.key = config.classifier().applicationId() + "/" + member;
    this.producer = producer;
  }

  /** Says what is loaded, if that is news. */
  void report(BackbonePool pool) {
    ClassifierMember now =
        new ClassifierMember(
            pool.loaded().stream().map(MemberReporter::said).toList(),
            pool.refused(),
            AfinaVersion.text(),
            Instant.now());
    ClassifierMember before = last;
    if (before == null || !now.saysTheSame(before) || isOld(before)) {
      last = now;
      send(now);
    }
  }

  /** The topic forgets who has not said anything for long. */
  private static boolean isOld(ClassifierMember said) {
    return said.at().isBefore(Instant.now().minus(SAID_AGAIN));
  }

  private static Loaded said(LoadedBackbone loaded) {
    return new Loaded(
        loaded.backbone().id(),
        loaded.backbone().card().name(),
        loaded.address(),
        loaded.backbone().card().embeddingSize(),
        loaded.backbone().card().licence());
  }

  /** What was not sent is said again in the next round. */
  private void send(@Nullable ClassifierMember member) {
    var unused =
        producer.send(
            new ProducerRecord<>(topic, key, member),
            (sent, thrown) -> {
              if (thrown != null) {
                last = null;
                LOG.atWarn()
                    .addKeyValue("why", thrown.getMessage())
                    .log("cannot say which backbones are loaded, tries again");
              }
            });
  }

  /** Whoever is gone has nothing loaded. */
  @Override
  public void close() {
    try {
      send(null);
    } catch (KafkaException e) {
      LOG.atDebug().addKeyValue("why", e.getMessage()).log("members will say so by the group");
    }
    producer.close(PATIENCE);
  }
}
