package io.afina.labelling.security;

import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Limits the requests of each key by a token bucket; the buckets that were used longest ago are
 * forgotten, which bounds the memory. Safe for any thread.
 */
final class RateLimit {

  private static final double NANOS = 1e9;

  private final double perSecond;
  private final double burst;
  private final LongSupplier nanoTime;
  private final Map<String, Bucket> buckets = new RecentKeys<>();

  private record Bucket(double tokens, long at) {}

  RateLimit(double perSecond, double burst, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.nanoTime = nanoTime;
  }

  /** Takes a token of a key; returns 0, or the seconds until there is one. */
  synchronized long take(String key) {
    long now = nanoTime.getAsLong();
    Bucket before = buckets.getOrDefault(key, new Bucket(burst, now));
    double tokens = Math.min(burst, before.tokens() + (now - before.at()) / NANOS * perSecond);
    if (tokens < 1) {
      buckets.put(key, new Bucket(tokens, now));
      return (long) Math.ceil((1 - tokens) / perSecond);
    }
    buckets.put(key, new Bucket(tokens - 1, now));
    return 0;
  }

  /** Gives back a token that was taken. */
  synchronized void giveBack(String key) {
    buckets.computeIfPresent(
        key, (same, bucket) -> new Bucket(Math.min(burst, bucket.tokens() + 1), bucket.at()));
  }
}
