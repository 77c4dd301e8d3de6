package io.afina.system;

import static io.afina.DefaultTopics.TOPICS;

import io.afina.config.AfinaConfig;
import io.afina.event.BackboneRecord;
import io.afina.event.BackboneRecord.State;
import io.afina.event.Correction;
import io.afina.event.Embedding;
import io.afina.event.ReviewItem;
import io.afina.event.Topic;
import io.afina.event.TrainingExample;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.Closer;
import io.afina.model.ModelLog;
import io.afina.model.ModelWriter;
import io.afina.replay.LabelledPicture;
import io.afina.replay.TopicTail;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What others do wrong on the topics. */
public final class Mischief implements AutoCloseable {

  private static final int LONGEST_TRANSACTION_MILLIS = 900_000;

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int EMBEDDING = 1024;
  private static final int NOISE = 128;

  private final Closer closer = new Closer();
  private final AfinaConfig config;
  private final Publisher<byte[]> images;
  private final Publisher<Correction> corrections;
  private final Random random = new Random(1);
  private int count;

  public Mischief(AfinaConfig config) {
    this.config = config;
    this.images = closer.own(Publisher.open(config, TOPICS.images()));
    this.corrections = closer.own(Publisher.open(config, TOPICS.corrections()));
  }

  /** Image events without a picture in them. */
  public void sendNoPictures(int events) {
    byte[] text = "no picture".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < events; i++) {
      send(text);
    }
  }

  /** Image events that say where their picture is. */
  public void sendReferences(String address, int events) {
    byte[] value = address.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < events; i++) {
      ProducerRecord<String, byte[]> record = image(value);
      record.headers().add("content-type", "text/uri-list".getBytes(StandardCharsets.UTF_8));
      images.send(record);
    }
  }

  /** The same pictures under new image ids. */
  public void sendAgain(List<LabelledPicture> pictures) {
    pictures.forEach(picture -> send(picture.bytes().get()));
  }

  /** Asks what was asked before of images that nobody knows, as if it had been asked then. */
  public void askAsIf(Duration ago) {
    long then = Instant.now().minus(ago).toEpochMilli();
    try (KafkaConsumer<byte[], byte[]> asked = TopicTail.open(config, TOPICS.review());
        Publisher<ReviewItem> again = Publisher.open(config, TOPICS.review())) {
      asked.seekToBeginning(asked.assignment());
      for (ConsumerRecord<byte[], byte[]> record : asked.poll(PATIENCE)) {
        again.send(
            new ProducerRecord<>(
                record.topic(),
                null,
                then,
                "mischief-" + count++,
                TOPICS
                    .review()
                    .values()
                    .deserializer()
                    .deserialize(record.topic(), record.value())));
      }
      again.flush();
    }
  }

  /** Pictures of noise, as of a broken camera. */
  public void sendNoise(int pictures) {
    for (int i = 0; i < pictures; i++) {
      send(noise());
    }
  }

  private void send(byte[] value) {
    images.send(image(value));
  }

  private ProducerRecord<String, byte[]> image(byte[] value) {
    return new ProducerRecord<>(TOPICS.images().name(), "mischief-" + count++, value);
  }

  /** Says what an image is. */
  public void correct(String image, String label) {
    corrections.send(
        new ProducerRecord<>(
            TOPICS.corrections().name(),
            image,
            new Correction(label, "mischief", Instant.now(), null)));
  }

  /** Says that nothing was said about an image. */
  public void withdraw(String image) {
    corrections.send(new ProducerRecord<>(TOPICS.corrections().name(), image, null));
  }

  /** Writes to {@code models} as the trainer would: whoever has written before cannot any more. */
  public void takeTheTrainersPlace() {
    try (ModelLog log = ModelLog.open(config)) {
      new ModelWriter(config, log).close();
    }
  }

  /** Training examples of nothing. */
  public void sendExamples(int examples) {
    try (Publisher<TrainingExample> training = Publisher.open(config, TOPICS.training())) {
      for (int i = 0; i < examples; i++) {
        Embedding embedding = new Embedding("nobody's", new float[EMBEDDING]);
        training.send(
            new ProducerRecord<>(
                TOPICS.training().name(),
                "mischief-" + count++,
                new TrainingExample("ant", "mischief", Instant.now(), embedding, null, List.of())));
      }
      training.flush();
    }
  }

  /** Gives each picture a label that another one bears. */
  public void swapLabels(List<LabelledPicture> pictures) {
    List<String> labels = pictures.stream().map(LabelledPicture::label).distinct().toList();
    for (LabelledPicture picture : pictures) {
      int shift = 1 + count++ % (labels.size() - 1);
      correct(picture.id(), labels.get((labels.indexOf(picture.label()) + shift) % labels.size()));
    }
    corrections.flush();
  }

  /** Gives every picture that bears the label of the first the label of another. */
  public void callOneLabelAnother(List<LabelledPicture> pictures) {
    String meant = pictures.get(0).label();
    String given =
        pictures.stream()
            .map(LabelledPicture::label)
            .filter(label -> !label.equals(meant))
            .findFirst()
            .orElseThrow();
    pictures.stream()
        .filter(picture -> picture.label().equals(meant))
        .forEach(picture -> correct(picture.id(), given));
  }

  /** Deletes a topic under those who write to it. */
  public void delete(Topic<?, ?> topic) {
    try (Admin admin = Admin.create(Map.copyOf(config.kafka()))) {
      admin.deleteTopics(List.of(topic.name())).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Leaves a transaction open in one partition of {@code images}, until it is closed. */
  public Closer openTransaction(byte[] picture) {
    Closer transaction = new Closer();
    KafkaProducer<String, byte[]> somebody =
        transaction.own(
            new KafkaProducer<>(
                Map.of(
                    "bootstrap.servers",
                    config.kafka().getOrDefault("bootstrap.servers", ""),
                    "transactional.id",
                    "somebody",
                    "transaction.timeout.ms",
                    LONGEST_TRANSACTION_MILLIS),
                TOPICS.images().keys().serializer(),
                TOPICS.images().values().serializer()));
    somebody.initTransactions();
    somebody.beginTransaction();
    var unused = somebody.send(new ProducerRecord<>(TOPICS.images().name(), 0, "theirs", picture));
    somebody.flush();
    transaction.own(somebody::abortTransaction);
    return transaction;
  }

  @Override
  public void close() {
    closer.close();
  }

  private byte[] noise() {
    BufferedImage picture = new BufferedImage(NOISE, NOISE, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < NOISE * NOISE; i++) {
      picture.setRGB(i % NOISE, i / NOISE, random.nextInt());
    }
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
      ImageIO.write(picture, "png", bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks all classifiers for what they cannot load. */
  public void wantABackboneThatIsNowhere() {
    BackboneRecord gone =
        new BackboneRecord(
            "gone", "/gone.onnx", 512, "none", State.WANTED, "mia", Instant.now(), "a test");
    try (ModelLog models = ModelLog.open(config);
        ModelWriter writer = new ModelWriter(config, models)) {
      writer.backbones(Map.of("cd".repeat(32), gone));
    }
  }
}
