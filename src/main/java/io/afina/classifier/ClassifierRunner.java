package io.afina.classifier;

import static io.afina.classifier.StreamsSettings.pollBound;
import static java.time.temporal.ChronoUnit.MILLIS;

import io.afina.backbone.PictureEmbedder;
import io.afina.classifier.ahead.AheadQueue;
import io.afina.config.AfinaConfig;
import io.afina.kafka.Homes;
import io.afina.kafka.LagMonitor;
import io.afina.kafka.PassingErrors;
import io.afina.kafka.ProgressSigns;
import io.afina.kafka.ProgressWatch;
import io.afina.kafka.StaticMember;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.metrics.ArrivalSummary;
import io.afina.metrics.DeadLetterSummary;
import io.afina.metrics.StoreMeters;
import io.afina.model.HeadSlot;
import io.afina.source.PictureSources;
import io.afina.topic.ReadyTopics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import io.opentelemetry.api.trace.Tracer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the classifier's topology. Closing it finishes and commits what is under way and leaves the
 * group.
 */
public final class ClassifierRunner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClassifierRunner.class);

  /** How Kafka Streams begins to say that another process has the state folder. */
  private static final String LOCKED = "Unable to initialize state";

  private static final Duration SUMMARY_EVERY = Duration.ofMinutes(1);

  /**
   * Beside {@link PassingErrors}: a transaction that the coordinator ended meanwhile, after which
   * the next thread has a producer of its own; a store that was found torn after a kill, wiped, and
   * taken for open, which the next thread opens (<a
   * href="https://github.com/apache/kafka/pull/22855">KAFKA-20808</a>); a topic that takes less
   * than {@link io.afina.event.RecordLimits} says, until somebody sets it right.
   */
  private static final Class<?>[] PASSING = {
    InvalidTxnStateException.class, InvalidStateStoreException.class, RecordTooLargeException.class
  };

  private final Closer closer = new Closer();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CompletableFuture<Void> running = new CompletableFuture<>();

  /** One copy for all who ask: each would hang on the other for as long as it runs. */
  private final CompletableFuture<Void> shownEnded = ended.copy();

  private final CompletableFuture<Void> shownRunning = running.copy();

  private final RebalanceLog rebalances;
  private final ProgressSigns progress;
  private final LagMonitor lag;
  private final StaticMember member;
  private final AfinaConfig config;
  private final boolean dynamic;
  private final Duration drain;
  private final Path state;
  private final KafkaStreams streams;

  private volatile boolean drained = true;

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
    this.config = config;
    dynamic = config.classifier().instanceId() == null;
    drain = config.classifier().drain();
    state = StateFolder.of(config.classifier());
    member = new StaticMember(config, InstantSource.system());
    try {
      RocksDbMemory memory = new RocksDbMemory(config.classifier().storeCacheBytes());
      closer.own(() -> release(memory));
      new StoreMeters(meters, memory::used, memory::pinned);
      PictureSources sources = closer.own(new PictureSources(config.pictures(), meters));
      AheadQueue ahead = closer.own(AheadQueue.of(config, embedder, sources));
      Properties settings =
          StreamsSettings.of(config, embedder.batchSize(), ahead, memory.settings());
      Topology topology =
          ClassifierTopology.build(config, Homes.of(config), ahead, heads, meters, tracer);
      streams = open(topology, settings);
      progress = new ProgressSigns(streams::metrics);
      streams.setGlobalStateRestoreListener(new RebalanceLog.Restores(progress::step));
      closer.own(new DeadLetterSummary(meters, SUMMARY_EVERY));
      closer.own(new ArrivalSummary(meters, SUMMARY_EVERY));
      closer.own(this::closeStreams);
      streams.setUncaughtExceptionHandler(this::onUncaught);
      rebalances = new RebalanceLog(streams::metadataForLocalThreads);
      streams.setStateListener(this::onState);
      closer.own(new KafkaStreamsMetrics(streams)).bindTo(meters);
      new DiskSpaceMetrics(state.toFile()).bindTo(meters);
      lag = closer.own(new LagMonitor(config, meters, this::assigned));
      start();
      closer.own(new ProgressWatch(pollBound(settings), lag, progress, this::stalled));
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  /** A thread that is still there uses it, and must not bring the JVM down: the process ends. */
  private void release(RocksDbMemory memory) {
    if (drained) {
      memory.close();
    }
  }

  /** The name by which the consumer group knows this process; its threads add theirs. */
  public String member() {
    return streams.metrics().keySet().stream()
        .filter(metric -> metric.group().equals("stream-metrics"))
        .map(metric -> metric.tags().get("client-id"))
        .findAny()
        .orElseThrow();
  }

  /** Completes once partitions are assigned and their stores restored. */
  public CompletableFuture<Void> running() {
    return shownRunning;
  }

  /**
   * The reason why it is not classifying now, if there is one: it classifies once it has its
   * partitions and their stores, and has processed a record or knows that none waits.
   */
  public Optional<String> missing() {
    return progress.missing(lag);
  }

  /**
   * Completes when the streams stopped; exceptionally once they cannot go on, whether or not all of
   * their threads have ended.
   */
  public CompletableFuture<Void> ended() {
    return shownEnded;
  }

  @Override
  public void close() {
    closer.close();
  }

  private KafkaStreams open(Topology topology, Properties settings) {
    try {
      return new KafkaStreams(topology, settings);
    } catch (StreamsException e) {
      if (String.valueOf(e.getMessage()).startsWith(LOCKED)) {
        throw StateFolder.shared(state, e);
      }
      throw e;
    }
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

  private void onState(KafkaStreams.State now, KafkaStreams.State before) {
    rebalances.changed(before, now);
    LOG.atDebug().addKeyValue("state", now).log("classifier changed its state");
    progress.changed(now.name(), now == KafkaStreams.State.RUNNING);
    if (now == KafkaStreams.State.RUNNING) {
      lag.ask();
      running.complete(null);
    } else if (now == KafkaStreams.State.NOT_RUNNING) {
      ended.complete(null);
    } else if (now == KafkaStreams.State.PENDING_ERROR || now == KafkaStreams.State.ERROR) {
      // A thread that does not end must not keep the process, and with it its partitions.
      ended.completeExceptionally(failure);
    }
  }

  private void stalled(String why) {
    ended.completeExceptionally(
        new AfinaException(
            ExitCode.STALLED,
            "the classifier gets nowhere: %s; start it again (the log says what its threads did)"
                .formatted(why)));
  }

  private StreamThreadExceptionResponse onUncaught(Throwable thrown) {
    Optional<RuntimeException> end = end(thrown);
    LOG.atError()
        .addKeyValue("passing", end.isEmpty())
        .setCause(thrown)
        .log("stream thread failed");
    if (end.isPresent()) {
      failure = end.get();
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    progress.step();
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  /** With what the process ends of this, unless another thread may fare better. */
  private Optional<RuntimeException> end(Throwable thrown) {
    String thread = Thread.currentThread().getName();
    if (!dynamic && AfinaException.isCausedBy(thrown, FencedInstanceIdException.class)) {
      return member.fenced(thread).map(RuntimeException.class::cast);
    }
    if (isPassing(thrown)) {
      member.leave(thread);
      return Optional.empty();
    }
    if (thrown instanceof ProcessorStateException) {
      return Optional.of(StateFolder.unwritable(state, thrown));
    }
    if (AfinaException.isCausedBy(thrown, MissingSourceTopicException.class)) {
      return Optional.of(
          new AfinaException(
              ExitCode.STALLED,
              "topics of the classifier were deleted under it (%s): run afina topics apply and start it again"
                  .formatted(thrown.getMessage()),
              thrown));
    }
    return Optional.of(
        ReadyTopics.misfit(config)
            .orElseGet(
                () ->
                    new IllegalStateException(
                        "the classifier's streams failed: " + thrown, thrown)));
  }

  /** Whether a new stream thread may succeed; any other error ends the process. */
  static boolean isPassing(Throwable thrown) {
    return PassingErrors.isCauseOf(thrown) || AfinaException.isCausedBy(thrown, PASSING);
  }

  /**
   * A dynamic member leaves, so that the next start need not wait for its session; a static one
   * stays and comes back, unless it is said that it may not.
   */
  private void closeStreams() {
    GroupMembershipOperation operation =
        dynamic || config.classifier().leaveOnStop()
            ? GroupMembershipOperation.LEAVE_GROUP
            : GroupMembershipOperation.REMAIN_IN_GROUP;
    long start = System.nanoTime();
    drained = streams.close(CloseOptions.timeout(drain).withGroupMembershipOperation(operation));
    (drained ? LOG.atInfo() : LOG.atWarn())
        .addKeyValue("took", Duration.ofNanos(System.nanoTime() - start).truncatedTo(MILLIS))
        .log(
            drained
                ? "classifier drained"
                : "classifier did not drain in time: what was under way is done again by others");
  }
}
