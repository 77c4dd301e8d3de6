package io.afina.cli;

import io.afina.config.AfinaConfig;
import io.afina.event.Correction;
import io.afina.event.Topics;
import io.afina.lifecycle.Closer;
import java.awt.image.BufferedImage;
import java.awt.image.RescaleOp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** What others do wrong on the topics. */
final class Mischief implements AutoCloseable {

  private static final int LONGEST_TRANSACTION_MILLIS = 900_000;

  private final Closer closer = new Closer();
  private final AfinaConfig config;
  private final Publisher<byte[]> images;
  private final Publisher<Correction> corrections;
  private int count;

  Mischief(AfinaConfig config) {
    this.config = config;
    this.images = closer.own(Publisher.open(config, Topics.IMAGES));
    this.corrections = closer.own(Publisher.open(config, Topics.CORRECTIONS));
  }

  /** Image events without a picture in them. */
  void sendNoPictures(int events) {
    byte[] text = "no picture".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < events; i++) {
      send(text, null);
    }
  }

  /** The same pictures under new image ids. */
  void sendAgain(List<LabelledPicture> pictures) {
    pictures.forEach(picture -> send(picture.bytes().get(), null));
  }

  /** The same again, as if they were as old as that. */
  void sendLate(List<LabelledPicture> pictures, Duration age) {
    long then = Instant.now().minus(age).toEpochMilli();
    pictures.forEach(picture -> send(picture.bytes().get(), then));
  }

  /** The same again, light and dark exchanged. */
  void sendNegatives(List<LabelledPicture> pictures) {
    pictures.forEach(picture -> send(negative(picture.bytes().get()), null));
  }

  private void send(byte[] value, @Nullable Long timestamp) {
    images.send(
        new ProducerRecord<>(Topics.IMAGES.name(), null, timestamp, "mischief-" + count++, value));
  }

  /** Says what an image is. */
  void correct(String image, String label) {
    corrections.send(
        new ProducerRecord<>(
            Topics.CORRECTIONS.name(),
            image,
            new Correction(label, "mischief", Instant.now(), null)));
  }

  /** Gives each picture a label that another one bears. */
  void swapLabels(List<LabelledPicture> pictures) {
    List<String> labels = pictures.stream().map(LabelledPicture::label).distinct().toList();
    for (LabelledPicture picture : pictures) {
      int shift = 1 + count++ % (labels.size() - 1);
      correct(picture.id(), labels.get((labels.indexOf(picture.label()) + shift) % labels.size()));
    }
    corrections.flush();
  }

  /** Leaves a transaction open in one partition of {@code images}, until it is closed. */
  Closer openTransaction(byte[] picture) {
    Closer transaction = new Closer();
    KafkaProducer<String, byte[]> somebody =
        transaction.own(
            new KafkaProducer<>(
                Map.of(
                    "bootstrap.servers",
                    config.bootstrapServers(),
                    "transactional.id",
                    "somebody",
                    "transaction.timeout.ms",
                    LONGEST_TRANSACTION_MILLIS),
                Topics.IMAGES.keys().serializer(),
                Topics.IMAGES.values().serializer()));
    somebody.initTransactions();
    somebody.beginTransaction();
    var unused = somebody.send(new ProducerRecord<>(Topics.IMAGES.name(), 0, "theirs", picture));
    somebody.flush();
    transaction.own(somebody::abortTransaction);
    return transaction;
  }

  @Override
  public void close() {
    closer.close();
  }

  private static byte[] negative(byte[] jpeg) {
    try {
      BufferedImage picture = ImageIO.read(new ByteArrayInputStream(jpeg));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(new RescaleOp(-1, 255, null).filter(picture, null), "jpg", bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
