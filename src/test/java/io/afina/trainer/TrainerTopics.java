package io.afina.trainer;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.AliasRecord;
import io.afina.event.Embedding;
import io.afina.event.ModelKey;
import io.afina.event.TrainingExample;
import io.afina.kafka.KafkaSettings;
import io.afina.lifecycle.Closer;
import io.afina.model.Head;
import io.afina.model.HeadFile;
import io.afina.model.HeadRefusedException;
import io.afina.model.Heads;
import io.afina.model.ModelLog;
import io.afina.topic.PlanRequest;
import io.afina.topic.TopicAdmin;
import io.afina.trainer.data.Clusters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** A broker with the topics of a trainer: the examples that a test sends, and the heads. */
final class TrainerTopics implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Clusters clusters = new Clusters(0.3);
  private final String bootstrapServers;
  private final Closer closer = new Closer();
  private final ModelLog log;
  private int count;

  TrainerTopics() {
    this(TestBroker.startFresh());
  }

  private TrainerTopics(TestBroker broker) {
    this(broker.bootstrapServers());
    closer.own(broker);
  }

  /** On a broker that stays. */
  TrainerTopics(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    AfinaConfig config = loader().load();
    try (TopicAdmin admin = TopicAdmin.connect(config)) {
      admin.apply(admin.plan(PlanRequest.none(config.classifier().applicationId())));
    }
    log = ModelLog.open(config);
  }

  ConfigLoader loader() {
    return ConfigLoader.defaults().set("kafka.bootstrap.servers", bootstrapServers);
  }

  ModelLog log() {
    return log;
  }

  /** Sends examples of the labels in turn; gives their image ids. */
  List<String> send(int examples, String... labels) {
    List<String> ids = new ArrayList<>();
    Map<String, @Nullable TrainingExample> records = new LinkedHashMap<>();
    for (int i = 0; i < examples; i++) {
      String label = labels[i % labels.length];
      String id = "image-" + count++;
      ids.add(id);
      records.put(
          id,
          new TrainingExample(
              label, "mia", Instant.EPOCH, new Embedding(Heads.BACKBONE, clusters.around(label))));
    }
    write(records);
    return ids;
  }

  /** Withdraws examples, as the classifier does when a correction is taken back. */
  void withdraw(List<String> ids) {
    Map<String, @Nullable TrainingExample> records = new LinkedHashMap<>();
    ids.forEach(id -> records.put(id, null));
    write(records);
  }

  /** Writes examples by their image ids. */
  void write(Map<String, @Nullable TrainingExample> records) {
    try (KafkaProducer<String, TrainingExample> producer =
        new KafkaProducer<>(
            new KafkaSettings(loader().load()).toMap(),
            TOPICS.training().keys().serializer(),
            TOPICS.training().values().serializer())) {
      records.forEach(
          (id, example) -> {
            var unused = producer.send(new ProducerRecord<>(TOPICS.training().name(), id, example));
          });
    }
  }

  /** Puts bytes on {@code models}, whatever they are. */
  void writeModel(ModelKey key, byte[] value) {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            new KafkaSettings(loader().load()).toMap(),
            TOPICS.models().keys().serializer(),
            TOPICS.models().values().serializer())) {
      var unused = producer.send(new ProducerRecord<>(TOPICS.models().name(), key.text(), value));
    }
  }

  Optional<Long> at(ModelKey.Alias alias) {
    return log.alias(alias).map(AliasRecord::version);
  }

  /** The head that answers. */
  Head champion() {
    return head(at(ModelKey.CHAMPION).orElseThrow());
  }

  private Head head(long version) {
    try {
      return HeadFile.read(log.head(version).orElseThrow());
    } catch (HeadRefusedException e) {
      return fail(e.why());
    }
  }

  /** Follows {@code models} until it is so. */
  void awaitThat(String what, BooleanSupplier there) {
    await(what)
        .atMost(PATIENCE)
        .pollInSameThread()
        .until(
            () -> {
              log.poll(Duration.ofMillis(20));
              return there.getAsBoolean();
            });
    assertThat(log.versions()).as("versions").doesNotHaveDuplicates();
  }

  @Override
  public void close() {
    log.close();
    closer.close();
  }
}
