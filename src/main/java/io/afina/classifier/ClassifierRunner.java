package io.afina.classifier;

import static java.time.temporal.ChronoUnit.MILLIS;

import io.afina.backbone.PictureEmbedder;
import io.afina.config.AfinaConfig;
import io.afina.event.Topics;
import io.afina.kafka.LagMonitor;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.metrics.DeadLetterSummary;
import io.afina.metrics.StoreMeters;
import io.afina.model.HeadSlot;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import io.opentelemetry.api.trace.Tracer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the classifier's topology. Closing it finishes and commits what is under way and leaves the
 * group.
 */
public final class ClassifierRunner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClassifierRunner.class);
  private static final Duration SUMMARY_EVERY = Duration.ofMinutes(1);

  /**
   * A broker that is away; a transaction that the coordinator ended meanwhile, after which the next
   * thread has a producer of its own; a store that was found torn after a kill, wiped, and taken
   * for open, which the next thread opens (<a
   * href="https://github.com/apache/kafka/pull/22855">KAFKA-20808</a>); a topic that takes less
   * than {@link io.afina.event.RecordLimits} says, until somebody sets it right.
   */
  private static final Class<?>[] PASSING = {
    RetriableException.class,
    InvalidTxnStateException.class,
    InvalidStateStoreException.class,
    RecordTooLargeException.class
  };

  private final Closer closer = new Closer();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CompletableFuture<Void> running = new CompletableFuture<>();

  /** One copy for all who ask: each would hang on the other for as long as it runs. */
  private final CompletableFuture<Void> shownEnded = ended.copy();

  private final CompletableFuture<Void> shownRunning = running.copy();

  private final boolean dynamic;
  private final Duration drain;
  private final Path state;
  private final KafkaStreams streams;

  /** The error that ends the process when the streams have failed; the log has the details. */
  private volatile RuntimeException failure =
      new IllegalStateException("the classifier's streams failed");

  /** Starts it; the caller keeps and later closes what it passes in. */
  public ClassifierRunner(
      AfinaConfig config,
      PictureEmbedder embedder,
      HeadSlot heads,
      MeterRegistry meters,
      Tracer tracer) {
    dynamic = config.classifier().instanceId() == null;
    drain = config.classifier().drain();
    state = StateFolder.of(config.classifier());
    try {
      RocksDbMemory memory = closer.own(new RocksDbMemory(config.classifier().storeCacheBytes()));
      new StoreMeters(meters, memory::used, memory::pinned);
      streams =
          new KafkaStreams(
              ClassifierTopology.build(config, embedder, heads, meters, tracer),
              StreamsSettings.of(config, memory.settings()));
      closer.own(new DeadLetterSummary(meters, SUMMARY_EVERY));
      closer.own(this::closeStreams);
      streams.setUncaughtExceptionHandler(this::onUncaught);
      RebalanceLog rebalances = new RebalanceLog(streams::metadataForLocalThreads);
      streams.setStateListener(
          (now, before) -> {
            rebalances.changed(before, now);
            onState(now);
          });
      closer.own(new KafkaStreamsMetrics(streams)).bindTo(meters);
      new DiskSpaceMetrics(state.toFile()).bindTo(meters);
      start();
      Topics topics = config.topics();
      closer.own(
          new LagMonitor(
              config,
              Set.of(topics.images().name(), topics.corrections().name()),
              meters,
              this::assigned));
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  /** Completes once partitions are assigned and their stores restored. */
  public CompletableFuture<Void> running() {
    return shownRunning;
  }

  /** The reason why it is not classifying now, if there is one. */
  public Optional<String> missing() {
    KafkaStreams.State state = streams.state();
    return state == KafkaStreams.State.RUNNING
        ? Optional.empty()
        : Optional.of("the streams are " + state);
  }

  /** Completes when the streams stopped; exceptionally when they failed. */
  public CompletableFuture<Void> ended() {
    return shownEnded;
  }

  @Override
  public void close() {
    closer.close();
  }

  private void start() {
    try {
      streams.start();
    } catch (ProcessorStateException e) {
      throw StateFolder.unwritable(state, e);
    }
  }

  private Set<TopicPartition> assigned() {
    return streams.metadataForLocalThreads().stream()
        .flatMap(thread -> thread.activeTasks().stream())
        .flatMap(task -> task.topicPartitions().stream())
        .collect(Collectors.toSet());
  }

  private void onState(KafkaStreams.State now) {
    LOG.atDebug().addKeyValue("state", now).log("classifier changed its state");
    if (now == KafkaStreams.State.RUNNING) {
      running.complete(null);
    } else if (now == KafkaStreams.State.NOT_RUNNING) {
      ended.complete(null);
    } else if (now == KafkaStreams.State.ERROR) {
      ended.completeExceptionally(failure);
    }
  }

  private StreamThreadExceptionResponse onUncaught(Throwable thrown) {
    boolean passing = isPassing(thrown);
    if (thrown instanceof ProcessorStateException) {
      failure = StateFolder.unwritable(state, thrown);
    }
    LOG.atError().addKeyValue("passing", passing).setCause(thrown).log("stream thread failed");
    return passing
        ? StreamThreadExceptionResponse.REPLACE_THREAD
        : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /** Whether a new stream thread may succeed; any other error ends the process. */
  static boolean isPassing(Throwable thrown) {
    return AfinaException.isCausedBy(thrown, PASSING);
  }

  /**
   * A dynamic member leaves, so that the next start need not wait for its session; a static one
   * stays and comes back.
   */
  private void closeStreams() {
    GroupMembershipOperation operation =
        dynamic ? GroupMembershipOperation.LEAVE_GROUP : GroupMembershipOperation.REMAIN_IN_GROUP;
    long start = System.nanoTime();
    boolean drained =
        streams.close(CloseOptions.timeout(drain).withGroupMembershipOperation(operation));
    (drained ? LOG.atInfo() : LOG.atWarn())
        .addKeyValue("took", Duration.ofNanos(System.nanoTime() - start).truncatedTo(MILLIS))
        .log(
            drained
                ? "classifier drained"
                : "classifier did not drain in time: what was under way is done again by others");
  }
}
