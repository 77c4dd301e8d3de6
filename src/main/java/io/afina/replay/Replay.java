package io.afina.replay;

import io.afina.config.AfinaConfig;
import io.afina.event.Correction;
import io.afina.event.Prediction;
import io.afina.event.Topics;
import io.afina.kafka.Publisher;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Publishes pictures whose labels are known and plays the labeller: each prediction is scored, and
 * only then is its correction sent (prequential evaluation: test, then train).
 */
public final class Replay implements AutoCloseable {

  private static final int MOST_UNDER_WAY = 64;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String LABELLER = "replay";

  private final Closer closer = new Closer();
  private final Pace pace;
  private final Topics topics;
  private final Publisher<byte[]> images;
  private final Publisher<Correction> corrections;
  private final KafkaConsumer<byte[], byte[]> outcomes;
  private final LearnedWatch learned;
  private final Set<String> corrected = new HashSet<>();

  /**
   * How it replays.
   *
   * @param corrections share of the pictures that are corrected, 0 to 1
   * @param rate pictures a second, or 0 for as fast as they are classified
   * @param seed of what is random
   */
  public record Pace(double corrections, double rate, long seed) {}

  public Replay(AfinaConfig config, Pace pace) {
    this.pace = pace;
    topics = config.topics();
    try {
      images = closer.own(Publisher.open(config, topics.images()));
      corrections = closer.own(Publisher.open(config, topics.corrections()));
      outcomes = closer.own(TopicTail.open(config, topics.predictions(), topics.deadLetters()));
      learned = closer.own(new LearnedWatch(config));
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  /**
   * Streams the pictures and returns when each of them has its outcome.
   *
   * @param correct whether to correct any of them
   * @param progress told after every outcome
   * @throws AfinaException when outcomes stay away for a minute
   */
  public ReplayScore stream(
      List<LabelledPicture> pictures, boolean correct, Consumer<ReplayScore> progress) {
    Run run = new Run(correct, progress);
    Iterator<LabelledPicture> next = pictures.iterator();
    long start = System.nanoTime();
    long sent = 0;
    long lastProgress = start;
    while (next.hasNext() || !run.underWay.isEmpty()) {
      while (next.hasNext() && run.underWay.size() < MOST_UNDER_WAY && due(sent, start)) {
        run.publish(next.next());
        sent++;
      }
      lastProgress = run.take() ? System.nanoTime() : lastProgress;
      requireProgress(lastProgress, run.underWay.size());
    }
    corrections.flush();
    return run.score;
  }

  /**
   * Waits until a head has learned every correction that was sent, and says whether it came to
   * that.
   */
  public boolean awaitLearned(Duration timeout) {
    return learned.await(corrected, timeout);
  }

  /** The number of pictures that were corrected. */
  public int corrected() {
    return corrected.size();
  }

  @Override
  public void close() {
    closer.close();
  }

  private boolean due(long sent, long start) {
    return pace.rate() <= 0 || sent <= (System.nanoTime() - start) / 1e9 * pace.rate();
  }

  private boolean chosen(String id) {
    return new SplittableRandom(pace.seed() ^ id.hashCode()).nextDouble() < pace.corrections();
  }

  private static void requireProgress(long last, int underWay) {
    if (System.nanoTime() - last > PATIENCE.toNanos()) {
      throw new AfinaException(
          ExitCode.NOT_FOUND,
          "%d pictures have no prediction after %s: is a classifier running (afina classify)?"
              .formatted(underWay, PATIENCE));
    }
  }

  /** The state of one stream of pictures. */
  private final class Run {

    private static final Duration POLL = Duration.ofMillis(5);

    private final ReplayScore score = new ReplayScore();
    private final Map<String, LabelledPicture> underWay = new HashMap<>();
    private final Set<String> done = new HashSet<>();
    private final boolean correct;
    private final Consumer<ReplayScore> progress;

    Run(boolean correct, Consumer<ReplayScore> progress) {
      this.correct = correct;
      this.progress = progress;
    }

    void publish(LabelledPicture picture) {
      underWay.put(picture.id(), picture);
      images.send(
          new ProducerRecord<>(topics.images().name(), picture.id(), picture.bytes().get()));
    }

    /** Takes the outcomes that have come, and says whether there were any. */
    boolean take() {
      var records = outcomes.poll(POLL);
      records.forEach(this::take);
      return !records.isEmpty();
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
      if (record.key() == null) {
        return;
      }
      String id = new String(record.key(), StandardCharsets.UTF_8);
      LabelledPicture picture = underWay.remove(id);
      if (picture != null) {
        done.add(id);
        outcome(picture, record);
        progress.accept(score);
      } else if (done.contains(id)) {
        score.duplicate();
      }
    }

    private void outcome(LabelledPicture picture, ConsumerRecord<byte[], byte[]> record) {
      if (record.topic().equals(topics.deadLetters().name())) {
        score.deadLetter();
        return;
      }
      Prediction prediction =
          topics.predictions().values().deserializer().deserialize(record.topic(), record.value());
      score.predicted(picture.label(), prediction);
      if (correct && chosen(picture.id())) {
        corrected.add(picture.id());
        corrections.send(
            new ProducerRecord<>(
                topics.corrections().name(),
                picture.id(),
                new Correction(picture.label(), LABELLER, Instant.now(), null)));
      }
    }
  }
}
