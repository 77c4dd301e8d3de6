package io.afina.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Shows the heads that a classifier answers with and the backbones that it has loaded for them, and
 * counts swaps and refusals.
 */
public final class HeadMeters {

  /** Where a head is put. */
  public enum Place {
    CHAMPION,
    CHALLENGER;

    /** As it stands in the tag {@code place} and in the log. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final MeterRegistry registry;
  private final AtomicLong champion = new AtomicLong();
  private final AtomicLong challenger = new AtomicLong();
  private final AtomicLong created = new AtomicLong();
  private volatile double promised;
  private final AtomicLong backbonesLoaded = new AtomicLong();
  private final AtomicLong backbonesRefused = new AtomicLong();

  /**
   * Declares them.
   *
   * @param reasons all for which a head may be refused: they count from 0, so that the first
   *     refusal shows as an increase
   */
  public HeadMeters(MeterRegistry registry, Collection<String> reasons) {
    this.registry = registry;
    for (Place place : Place.values()) {
      reasons.forEach(reason -> refusals(place, reason));
    }
    number("afina.champion.version", champion, "Version of the head that answers; 0 for none.");
    number(
        "afina.challenger.version",
        challenger,
        "Version of the head that scores silently; 0 for none.");
    TimeGauge.builder("afina.champion.created", created, TimeUnit.MILLISECONDS, AtomicLong::get)
        .description("When the champion was trained, in seconds since 1970; 0 for none.")
        .register(registry);
    Gauge.builder("afina.promised.precision", this, meters -> meters.promised)
        .description(
            "Share of the accepted predictions that the champion's card promises to be right, 0 to 1; 0 for no promise.")
        .register(registry);
    number(
        "afina.backbone.loaded",
        backbonesLoaded,
        "Backbones that the classifier has loaded: two while one replaces the other.");
    number(
        "afina.backbone.refused",
        backbonesRefused,
        "Backbones that the registry names and the classifier cannot load.");
  }

  private void number(String name, AtomicLong value, String description) {
    Gauge.builder(name, value, AtomicLong::get).description(description).register(registry);
  }

  /** So many backbones are loaded, and so many that the registry names could not be. */
  public void backbones(int loaded, int refused) {
    backbonesLoaded.set(loaded);
    backbonesRefused.set(refused);
  }

  /**
   * A champion took its place.
   *
   * @param precision promised of accepted predictions, 0 to 1; 0 for none
   */
  public void champion(long version, Instant trained, Duration took, double precision) {
    champion.set(version);
    promised = precision;
    created.set(trained.toEpochMilli());
    swapped(Place.CHAMPION, took);
  }

  /** A challenger took its place. */
  public void challenger(long version, Duration took) {
    challenger.set(version);
    swapped(Place.CHALLENGER, took);
  }

  /** There is no challenger any more. */
  public void challengerLeft() {
    challenger.set(0);
  }

  /** A head was refused; the one before stays. */
  public void refused(Place place, String reason) {
    refusals(place, reason).increment();
  }

  private Counter refusals(Place place, String reason) {
    return Counter.builder("afina.head.refused")
        .description("Heads that were not put in place, by the reason.")
        .tag("place", place.text())
        .tag("reason", reason)
        .register(registry);
  }

  private void swapped(Place place, Duration took) {
    Buckets.shortTimer(
            registry,
            "afina.head.swap",
            "Reading, checking and warming a head, until it is in place.",
            "place",
            place.text())
        .record(took);
  }
}
