package io.afina.config;

import static io.afina.config.InvalidConfigException.require;
import static io.afina.config.InvalidConfigException.requireAtLeast;
import static io.afina.config.InvalidConfigException.requireBetween;
import static io.afina.config.InvalidConfigException.requirePositive;

import io.afina.event.RecordLimits;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Configures the classifier.
 *
 * @param applicationId names the group of classifiers, their transactions and their internal topics
 * @param instanceId sets static membership: the name of this process among the classifiers
 * @param leaveOnStop whether a process with an {@code instanceId} gives up its partitions when it
 *     is stopped, rather than keep them for its return
 * @param threads stream threads in this process; 0 for one a core
 * @param guarantee exactly_once_v2 or at_least_once
 * @param commitInterval how long a transaction may take: predictions become visible at its end
 * @param busyCommitInterval how long while pictures queue, at least as long as the other
 * @param batchSize pictures that the backbone takes at once; 0 for 64 on a GPU and 1 elsewhere
 * @param batchWait how long the first picture of a batch waits for others
 * @param aheadBytes of images that are embedded before their turn, all threads together; 0 for a
 *     quarter of the largest heap
 * @param engineAttempts how often the engine is asked before a picture on which it fails is set
 *     aside
 * @param embeddingRetention how long an embedding waits for its correction
 * @param correctionPatience how long a correction waits for its image
 * @param headers of an image or a correction that go on to what follows from it, with commas; one
 *     that ends in {@code *} is a prefix
 * @param headerBytes of these together, at most
 * @param cloudEvents the source of the CloudEvents that predictions are, a URI-reference, or null
 *     for predictions that are none
 * @param drain how long a stop waits until what is under way is finished and committed
 * @param stateDir where the state stores are, or null for a folder of the system for temporary
 *     files
 * @param storeCacheBytes memory outside the heap for blocks and write buffers of all state stores
 *     together
 * @param verifyKey PEM file of the public keys one of which must have signed a head, or null
 */
public record ClassifierConfig(
    String applicationId,
    @Nullable String instanceId,
    boolean leaveOnStop,
    int threads,
    String guarantee,
    Duration commitInterval,
    Duration busyCommitInterval,
    int batchSize,
    Duration batchWait,
    long aheadBytes,
    int engineAttempts,
    Duration embeddingRetention,
    Duration correctionPatience,
    String headers,
    int headerBytes,
    @Nullable String cloudEvents,
    Duration drain,
    @Nullable String stateDir,
    long storeCacheBytes,
    @Nullable String verifyKey) {

  /** Every open store has a write buffer of some KB, and there are dozens of them. */
  private static final long SMALLEST_STORE_CACHE = 16_000_000;

  /** A thread's share has to hold some pictures. */
  private static final long SMALLEST_AHEAD = 16_000_000;

  private static final int AHEAD_PART_OF_HEAP = 4;

  private static final Set<String> GUARANTEES = Set.of("exactly_once_v2", "at_least_once");

  public ClassifierConfig {
    require(!applicationId.isBlank(), "classifier.applicationId", "blank", "a name");
    require(threads >= 0, "classifier.threads", threads, "0 for one a core, or more");
    require(
        GUARANTEES.contains(guarantee), "classifier.guarantee", guarantee, "one of " + GUARANTEES);
    requirePositive("classifier.commitInterval", commitInterval);
    require(
        busyCommitInterval.compareTo(commitInterval) >= 0,
        "classifier.busyCommitInterval",
        busyCommitInterval,
        "at least classifier.commitInterval");
    require(
        batchSize >= 0, "classifier.batchSize", batchSize, "0 for what fits the device, or more");
    requirePositive("classifier.batchWait", batchWait);
    require(
        aheadBytes == 0 || aheadBytes >= SMALLEST_AHEAD,
        "classifier.aheadBytes",
        aheadBytes,
        "0 for a quarter of the heap, or " + SMALLEST_AHEAD + " or more");
    requireAtLeast("classifier.engineAttempts", engineAttempts, 1);
    requirePositive("classifier.embeddingRetention", embeddingRetention);
    requirePositive("classifier.correctionPatience", correctionPatience);
    requireBetween("classifier.headerBytes", headerBytes, 0, RecordLimits.WIDEST.headerBytes());
    require(
        cloudEvents == null || isSource(cloudEvents),
        "classifier.cloudEvents",
        cloudEvents,
        "a URI-reference of up to %d characters, such as /afina or https://afina.example"
            .formatted(RecordLimits.EVENT_SOURCE));
    requirePositive("classifier.drain", drain);
    require(
        storeCacheBytes >= SMALLEST_STORE_CACHE,
        "classifier.storeCacheBytes",
        storeCacheBytes,
        SMALLEST_STORE_CACHE + " or more");
  }

  private static boolean isSource(String text) {
    try {
      String source = new URI(text).toString();
      return !source.isEmpty() && source.length() <= RecordLimits.EVENT_SOURCE;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** What {@link #aheadBytes} is with this heap. */
  public long resolvedAheadBytes() {
    return aheadBytes > 0 ? aheadBytes : Runtime.getRuntime().maxMemory() / AHEAD_PART_OF_HEAP;
  }
}
