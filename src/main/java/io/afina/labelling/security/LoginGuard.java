package io.afina.labelling.security;

import io.afina.http.Problem;
import io.afina.log.Audit;
import io.afina.metrics.LabellingMeters;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Slows down the guessing of passwords, says it in the log and counts it. An address has so many
 * wrong attempts a minute, whatever names it tries. A name is never locked, which would keep its
 * owner out: after a few wrong attempts from anywhere, each further one waits longer. Safe for any
 * thread.
 */
final class LoginGuard {

  private static final double SECONDS_A_MINUTE = 60;

  /** People mistype. */
  private static final int FREE = 3;

  private static final Duration FIRST_DELAY = Duration.ofMillis(250);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);
  private static final int DOUBLINGS = 10;
  private static final Duration FORGOTTEN = Duration.ofMinutes(15);

  private final RateLimit byAddress;

  /** One line a minute and address tells that it is refused. */
  private final RateLimit told;

  private final LabellingMeters meters;
  private final LongSupplier nanoTime;
  private final Map<String, Wrong> names = new RecentKeys<>();

  private record Wrong(int times, long last) {}

  /**
   * @param perMinute wrong attempts of an address
   */
  LoginGuard(int perMinute, LabellingMeters meters, LongSupplier nanoTime) {
    this.byAddress = new RateLimit(perMinute / SECONDS_A_MINUTE, perMinute, nanoTime);
    this.told = new RateLimit(1 / SECONDS_A_MINUTE, 1, nanoTime);
    this.meters = meters;
    this.nanoTime = nanoTime;
  }

  /**
   * Lets an attempt begin.
   *
   * @return how long to wait before the password is looked at
   * @throws Problem when the address has had too many wrong ones
   */
  Duration begin(String address, String name) {
    long seconds = byAddress.take(address);
    if (seconds == 0) {
      return delay(key(name));
    }
    meters.loggedIn("refused");
    if (told.take(address) == 0) {
      Audit.refused("nobody", address).log("logins refused");
    }
    throw Problem.later(
        429,
        "too-many-logins",
        "too many wrong attempts from your address: wait a minute",
        seconds);
  }

  /** The password was right: the attempt does not count. */
  void right(String address, String name) {
    byAddress.giveBack(address);
    synchronized (names) {
      names.remove(key(name));
    }
    meters.loggedIn("right");
    Audit.did(name, address).log("logged in");
  }

  /**
   * The password was wrong.
   *
   * @param known whether there is such a user; a name that is none may be a password, and is not
   *     logged
   */
  void wrong(String address, String name, boolean known) {
    synchronized (names) {
      names.put(key(name), new Wrong(times(key(name)) + 1, nanoTime.getAsLong()));
    }
    meters.loggedIn("wrong");
    Audit.refused(known ? name : "nobody", address).log("login failed");
  }

  private Duration delay(String key) {
    int more;
    synchronized (names) {
      more = times(key) - FREE;
    }
    if (more < 0) {
      return Duration.ZERO;
    }
    Duration grown = FIRST_DELAY.multipliedBy(1L << Math.min(more, DOUBLINGS));
    return grown.compareTo(LONGEST_DELAY) < 0 ? grown : LONGEST_DELAY;
  }

  /** How often it was wrong lately. */
  private int times(String key) {
    Wrong wrong = names.get(key);
    return wrong == null || nanoTime.getAsLong() - wrong.last() > FORGOTTEN.toNanos()
        ? 0
        : wrong.times();
  }

  /** As long as any other, however long the name is. */
  private static String key(String name) {
    return Crypto.sha256(name.toLowerCase(Locale.ROOT));
  }
}
