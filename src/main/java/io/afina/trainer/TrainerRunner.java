package io.afina.trainer;

import io.afina.config.AfinaConfig;
import io.afina.event.AliasRecord;
import io.afina.event.ModelKey;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.Worker;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.HeadFile;
import io.afina.model.HeadRefusedException;
import io.afina.model.ModelLog;
import io.afina.trainer.Dataset.Matrix;
import io.afina.trainer.HeadTraining.Trained;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the training examples and, while it leads, trains a head when enough are new and lets it
 * answer. A trainer that stands by keeps its dataset warm.
 */
public final class TrainerRunner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TrainerRunner.class);
  private static final Duration POLL = Duration.ofMillis(50);

  private final AfinaConfig config;
  private final Closer closer = new Closer();
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final Dataset dataset = new Dataset();
  private final HeadTraining training;
  private final ExampleLog examples;
  private final ModelLog models;
  private final Leadership leadership;
  private final Worker worker;
  private @Nullable HeadPublisher publisher;
  private long lastTraining = System.nanoTime();

  /** Starts it. */
  public TrainerRunner(AfinaConfig config) {
    this.config = config;
    training = new HeadTraining(config.trainer().hidden(), config.trainer().seed());
    try {
      examples = closer.own(new ExampleLog(config, dataset));
      models = closer.own(ModelLog.open(config));
      leadership = closer.own(new Leadership(config));
      worker = closer.own(new Worker("afina-trainer", this::run, () -> running.set(false)));
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  /** Completes once the trainer has read all examples and can train. */
  public CompletableFuture<Void> ready() {
    return ready.copy();
  }

  /** Completes when the trainer stopped; exceptionally when it failed. */
  public CompletableFuture<Void> ended() {
    return worker.ended();
  }

  @Override
  public void close() {
    closer.close();
  }

  private void run() {
    training.warmUp();
    examples.readToEnd();
    LOG.info("read the training examples examples={}", dataset.size());
    ready.complete(null);
    while (running.get()) {
      examples.poll(POLL);
      models.poll(Duration.ZERO);
      lead();
    }
    resign();
  }

  private void lead() {
    if (!leadership.leads()) {
      resign();
      return;
    }
    HeadPublisher leader = publisher == null ? takeOver() : publisher;
    if (due()) {
      train(leader);
    }
  }

  /**
   * Opening the publisher fences the leader before; what that one had committed by then is read
   * before anything is trained.
   */
  private HeadPublisher takeOver() {
    HeadPublisher opened = new HeadPublisher(config);
    publisher = opened;
    models.readToEnd();
    examples.learned(champion().map(head -> head.card().offsets()).orElse(Map.of()));
    LOG.info("leads the trainers newest={} unlearned={}", models.newest(), examples.fresh());
    return opened;
  }

  private void resign() {
    if (publisher != null) {
      publisher.close();
      publisher = null;
      LOG.info("leads no longer");
    }
  }

  private boolean due() {
    long fresh = examples.fresh();
    return fresh >= config.trainer().minNewExamples()
        || (fresh > 0 && System.nanoTime() - lastTraining >= config.trainer().interval().toNanos());
  }

  private void train(HeadPublisher leader) {
    Map<Integer, Long> upTo = examples.offsets();
    lastTraining = System.nanoTime();
    Optional<Matrix> data = dataset.matrix();
    if (data.isEmpty() || publish(leader, train(data.get(), upTo))) {
      examples.learned(upTo);
    }
  }

  private Head train(Matrix data, Map<Integer, Long> upTo) {
    long start = System.nanoTime();
    Optional<Head> champion = champion();
    Trained trained = training.train(data, champion.map(WarmStart::of));
    double seconds = (System.nanoTime() - start) / 1e9;
    HeadCard card =
        new HeadCard(
            models.newest() + 1,
            champion.map(Head::version).orElse(null),
            data.backbone(),
            data.width(),
            data.labels(),
            1,
            data.rows(),
            upTo,
            trained.accuracy(),
            config.trainer().seed(),
            trained.device(),
            seconds,
            Instant.now());
    return new Head(card, trained.layers());
  }

  private boolean publish(HeadPublisher leader, Head head) {
    try {
      leader.promote(head, "trained on %d examples".formatted(head.card().examples()));
      models.readUntil(head.version());
      LOG.info(
          "head promoted version={} examples={} labels={} seconds={}",
          head.version(),
          head.card().examples(),
          head.card().labels().size(),
          head.card().seconds());
      return true;
    } catch (KafkaException e) {
      LOG.warn("head not published version={} why={}", head.version(), e.toString());
      resign();
      leadership.stepDown();
      return false;
    }
  }

  private Optional<Head> champion() {
    return models
        .alias(ModelKey.CHAMPION)
        .map(AliasRecord::version)
        .flatMap(models::head)
        .flatMap(TrainerRunner::readable);
  }

  private static Optional<Head> readable(byte[] blob) {
    try {
      return Optional.of(HeadFile.read(blob));
    } catch (HeadRefusedException e) {
      LOG.warn("the champion cannot be read, training starts anew why={}", e.why());
      return Optional.empty();
    }
  }
}
