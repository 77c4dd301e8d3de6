package io.afina.model;

import io.afina.event.AliasRecord;
import io.afina.event.ModelKey;
import io.afina.lifecycle.Worker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a slot at the champion: reads {@code models} to its end before it returns from its
 * constructor, then follows in a thread of its own.
 */
public final class HeadFollower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HeadFollower.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final ModelLog log;
  private final HeadSlot slot;
  private final Consumer<SwapResult> report;
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final Worker worker;

  /**
   * @param log owned from here on
   * @param report told of every swap and refusal
   */
  public HeadFollower(ModelLog log, HeadSlot slot, Consumer<SwapResult> report) {
    this.log = log;
    this.slot = slot;
    this.report = report;
    start();
    this.worker = new Worker("afina-models", this::follow, this::stop);
  }

  /** Completes when following ended; exceptionally when it failed. */
  public CompletableFuture<Void> ended() {
    return worker.ended();
  }

  @Override
  public void close() {
    worker.close();
    log.close();
  }

  private void start() {
    try {
      log.readToEnd();
      putChampionInPlace();
    } catch (RuntimeException e) {
      log.close();
      throw e;
    }
  }

  private void stop() {
    running.set(false);
    log.wakeup();
  }

  private void follow() {
    try {
      while (running.get()) {
        if (log.poll(POLL).contains(ModelKey.CHAMPION.name())) {
          putChampionInPlace();
        }
      }
    } catch (WakeupException e) {
      if (running.get()) {
        throw e;
      }
    }
  }

  private void putChampionInPlace() {
    Optional<AliasRecord> champion = log.alias(ModelKey.CHAMPION);
    if (champion.isEmpty()) {
      return;
    }
    long version = champion.get().version();
    if (slot.head().map(Head::version).filter(v -> v == version).isPresent()) {
      return;
    }
    SwapResult result =
        log.head(version).map(blob -> slot.swap(version, blob)).orElseGet(() -> missing(version));
    log(result);
    report.accept(result);
  }

  private static SwapResult missing(long version) {
    return new SwapResult.Refused(
        version, HeadRefusedException.Reason.UNREADABLE, "there is no head " + version);
  }

  private static void log(SwapResult result) {
    if (result instanceof SwapResult.Swapped swapped) {
      LOG.info(
          "head swapped from={} to={} labels={} examples={} took={}",
          swapped.from(),
          swapped.head().version(),
          swapped.head().card().labels().size(),
          swapped.head().card().examples(),
          swapped.took());
    } else if (result instanceof SwapResult.Refused refused) {
      LOG.warn(
          "head refused version={} reason={} why={}",
          refused.version(),
          refused.reason(),
          refused.why());
    }
  }
}
