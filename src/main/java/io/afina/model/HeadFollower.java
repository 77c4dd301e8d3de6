package io.afina.model;

import io.afina.event.AliasRecord;
import io.afina.event.ModelKey;
import io.afina.metrics.HeadMeters;
import io.afina.metrics.HeadMeters.Place;
import io.afina.metrics.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
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
  private final HeadMeters meters;
  private final Consumer<SwapResult> report;
  private final Backbones backbones;
  private final AtomicReference<@Nullable SwapResult> last = new AtomicReference<>();

  /** Whether an alias points at a head that the broker has not given yet. */
  private boolean late;

  /** Has the backbones of heads loaded; called by the thread that puts heads in place. */
  @FunctionalInterface
  public interface Backbones {

    /** What is loaded stays as it is. */
    Backbones FIXED = log -> false;

    /** Follows what the log says of backbones; whether the slot takes heads of one more since. */
    boolean follow(ModelLog log);
  }

  /** A head that was in place before this process started is an old story. */
  private Tracer tracer = Traces.off();

  /**
   * Reads the topic to its end, then follows it.
   *
   * @param log owned from here on
   * @param meters told of every swap and refusal
   * @param tracer of the spans in which heads take their place
   * @param report told of every swap and refusal of a champion, before anything else is done
   * @param backbones of the heads, followed every second
   */
  public HeadFollower(
      ModelLog log,
      HeadSlot slot,
      HeadMeters meters,
      Tracer tracer,
      Consumer<SwapResult> report,
      Backbones backbones) {
    this.log = log;
    this.slot = slot;
    this.meters = meters;
    this.report = report;
    this.backbones = backbones;
    try {
      log.readToEnd();
      backbones.follow(log);
      putInPlace();
      correct();
    } catch (RuntimeException e) {
      log.close();
      throw e;
    }
    this.tracer = tracer;
    log.follow("afina-models", POLL, this::moved);
  }

  /** Why the head that should answer does not, if it does not. */
  public Optional<String> missing() {
    return last.get() instanceof SwapResult.Refused refused && slot.head().isEmpty()
        ? Optional.of("champion %d was refused: %s".formatted(refused.version(), refused.why()))
        : Optional.empty();
  }

  /** Completes when following ended; exceptionally when it failed. */
  public CompletableFuture<Void> ended() {
    return log.ended();
  }

  @Override
  public void close() {
    log.close();
  }

  private void moved(Set<String> aliases) {
    late |= backbones.follow(log);
    late |= !Collections.disjoint(aliases, FOLLOWED);
    if (late) {
      try {
        putInPlace();
        late = false;
      } catch (TimeoutException e) {
        LOG.atWarn().addKeyValue("why", e.getMessage()).log("head comes late, tries again");
      }
    }
    correct();
  }

  private void correct() {
    slot.head()
        .map(Head::version)
        .ifPresent(
            version -> log.doubt(version).ifPresent(now -> slot.correct(version, now.doubt())));
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
        swap(Place.CHAMPION, ModelKey.CHAMPION, version, blob -> slot.swap(version, blob));
    last.set(result);
    report.accept(result);
  }

  /** A bad challenger leaves its place empty: what it would be compared with is another head. */
  private void putChallengerInPlace(Optional<Long> wanted) {
    if (wanted.isPresent() && isIn(slot.challenger(), wanted.get())) {
      return;
    }
    slot.dismissChallenger();
    meters.challengerLeft();
    wanted.ifPresent(
        version ->
            swap(
                Place.CHALLENGER,
                ModelKey.CHALLENGER,
                version,
                blob -> slot.challenge(version, blob)));
  }

  /**
   * In the trace of whoever moved the alias: it began with a picture and ends with the head that
   * learned it.
   */
  private SwapResult swap(
      Place place, ModelKey.Alias alias, long version, Function<byte[], SwapResult> put) {
    Span span =
        tracer
            .spanBuilder("swap")
            .setParent(Traces.under(log.trace(alias)))
            .setAttribute("afina.place", place.text())
            .setAttribute("afina.head.version", version)
            .startSpan();
    return Traces.in(
        span,
        () -> {
          SwapResult result = log.head(version).map(put).orElseGet(() -> missing(version));
          note(place, result);
          return result;
        });
  }

  private Optional<Long> pointsAt(ModelKey.Alias alias) {
    return log.alias(alias).map(AliasRecord::version);
  }

  private static boolean isIn(Optional<Head> place, long version) {
    return place.filter(head -> head.version() == version).isPresent();
  }

  private static SwapResult missing(long version) {
    return new SwapResult.Refused(
        version, HeadRefusedException.Refusal.MISSING, "there is no head " + version);
  }

  private void note(Place place, SwapResult result) {
    if (result instanceof SwapResult.Swapped swapped) {
      swapped(place, swapped);
    } else if (result instanceof SwapResult.Refused refused) {
      meters.refused(place, refused.reason().text());
      Span.current().setStatus(StatusCode.ERROR, refused.why());
      LOG.atWarn()
          .addKeyValue("place", place.text())
          .addKeyValue("version", refused.version())
          .addKeyValue("reason", refused.reason().text())
          .addKeyValue("why", refused.why())
          .log("head refused");
    }
  }

  private void swapped(Place place, SwapResult.Swapped swapped) {
    HeadCard card = swapped.head().card();
    if (place == Place.CHAMPION) {
      meters.champion(
          card.version(),
          card.created(),
          swapped.took(),
          card.acceptance() == null ? 0 : card.acceptance().precision());
    } else {
      meters.challenger(card.version(), swapped.took());
    }
    LOG.atInfo()
        .addKeyValue("place", place.text())
        .addKeyValue("from", swapped.from())
        .addKeyValue("to", card.version())
        .addKeyValue("labels", card.labels().size())
        .addKeyValue("examples", card.training().examples())
        .addKeyValue("took", swapped.took())
        .log("head swapped");
  }
}
