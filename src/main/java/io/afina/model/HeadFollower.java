package io.afina.model;

import io.afina.event.AliasRecord;
import io.afina.event.ModelKey;
import io.afina.lifecycle.Worker;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a slot at the champion and the challenger: reads {@code models} to its end before it
 * returns from its constructor, then follows in a thread of its own.
 */
public final class HeadFollower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HeadFollower.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Set<String> FOLLOWED =
      Set.of(ModelKey.CHAMPION.name(), ModelKey.CHALLENGER.name());

  private final ModelLog log;
  private final HeadSlot slot;
  private final Consumer<SwapResult> report;
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final Worker worker;

  /**
   * @param log owned from here on
   * @param report told of every swap and refusal of a champion
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
      putInPlace();
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
        if (!Collections.disjoint(log.poll(POLL), FOLLOWED)) {
          putInPlace();
        }
      }
    } catch (WakeupException e) {
      if (running.get()) {
        throw e;
      }
    }
  }

  /** The champion first: a challenger that was promoted leaves its place by that. */
  private void putInPlace() {
    pointsAt(ModelKey.CHAMPION)
        .filter(version -> !isIn(slot.head(), version))
        .ifPresent(this::putChampionInPlace);
    putChallengerInPlace(
        pointsAt(ModelKey.CHALLENGER).filter(version -> !isIn(slot.head(), version)));
  }

  private void putChampionInPlace(long version) {
    SwapResult result =
        log.head(version).map(blob -> slot.swap(version, blob)).orElseGet(() -> missing(version));
    log("champion", result);
    report.accept(result);
  }

  /** A bad challenger leaves its place empty: what it would be compared with is another head. */
  private void putChallengerInPlace(Optional<Long> wanted) {
    if (wanted.isPresent() && isIn(slot.challenger(), wanted.get())) {
      return;
    }
    slot.dismissChallenger();
    wanted
        .map(
            version ->
                log.head(version)
                    .map(blob -> slot.challenge(version, blob))
                    .orElseGet(() -> missing(version)))
        .ifPresent(result -> log("challenger", result));
  }

  private Optional<Long> pointsAt(ModelKey.Alias alias) {
    return log.alias(alias).map(AliasRecord::version);
  }

  private static boolean isIn(Optional<Head> place, long version) {
    return place.filter(head -> head.version() == version).isPresent();
  }

  private static SwapResult missing(long version) {
    return new SwapResult.Refused(
        version, HeadRefusedException.Reason.MISSING, "there is no head " + version);
  }

  private static void log(String place, SwapResult result) {
    if (result instanceof SwapResult.Swapped swapped) {
      LOG.info(
          "head swapped place={} from={} to={} labels={} examples={} took={}",
          place,
          swapped.from(),
          swapped.head().version(),
          swapped.head().card().labels().size(),
          swapped.head().card().training().examples(),
          swapped.took());
    } else if (result instanceof SwapResult.Refused refused) {
      LOG.warn(
          "head refused place={} version={} reason={} why={}",
          place,
          refused.version(),
          refused.reason(),
          refused.why());
    }
  }
}
