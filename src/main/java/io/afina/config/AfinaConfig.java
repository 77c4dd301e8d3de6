package io.afina.config;

import static io.afina.config.InvalidConfigException.require;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration, valid once it exists. The defaults and the meaning of every key stand in
 * {@code afina.yaml} beside this class; {@link ConfigLoader} says what overrides what.
 *
 * @param kafka settings for every Kafka client, by their own names, passed through untouched
 */
public record AfinaConfig(
    Map<String, String> kafka,
    Backbone backbone,
    Pictures pictures,
    Classifier classifier,
    Review review,
    Trainer trainer,
    Labelling labelling,
    Startup startup,
    Management management) {

  /** What exactly-once, the topology and the trainer's fencing rest on is not open to be set. */
  private static final Set<String> MANAGED =
      Set.of(
          "application.id",
          "group.id",
          "enable.auto.commit",
          "isolation.level",
          "key.serializer",
          "value.serializer",
          "key.deserializer",
          "value.deserializer",
          "transactional.id");

  public AfinaConfig {
    kafka = Map.copyOf(new TreeMap<>(kafka));
    for (String key : kafka.keySet()) {
      require(!MANAGED.contains(key), "kafka." + key, "set", "left out: Afina manages it itself");
    }
    require(!bootstrapServers(kafka).isBlank(), "kafka.bootstrap.servers", "blank", "host:port");
  }

  /** Where the cluster is. */
  public String bootstrapServers() {
    return bootstrapServers(kafka);
  }

  private static String bootstrapServers(Map<String, String> kafka) {
    return kafka.getOrDefault("bootstrap.servers", "");
  }

  /**
   * Which backbone, and how it runs.
   *
   * @param address a file, a {@code djl://} address, {@code bundled:<file>}, or null for the one in
   *     the jar
   * @param engineThreads threads of the engine for one prediction
   * @param device {@code auto}, {@code cpu} or a GPU by its number, such as {@code gpu:0}
   */
  public record Backbone(@Nullable String address, int engineThreads, String device) {
    public Backbone {
      require(
          device.matches("auto|cpu|gpu:\\d{1,3}"),
          "backbone.device",
          device,
          "auto, cpu or a GPU by its number, such as gpu:0");
      require(engineThreads >= 1, "backbone.engineThreads", engineThreads, "1 or more");
    }
  }

  /**
   * What a picture may be at most; checked before its pixels are decoded.
   *
   * @param maxBytes the largest encoded picture
   * @param maxPixels the largest decoded picture, width times height
   * @param maxFrames the longest animation
   * @param maxKeyBytes the longest image id, in bytes of UTF-8
   */
  public record Pictures(int maxBytes, long maxPixels, int maxFrames, int maxKeyBytes) {
    public Pictures {
      require(maxBytes >= 1, "pictures.maxBytes", maxBytes, "1 or more");
      require(
          maxPixels >= 1 && maxPixels <= 1_000_000_000L,
          "pictures.maxPixels",
          maxPixels,
          "between 1 and 1,000,000,000");
      require(maxFrames >= 1, "pictures.maxFrames", maxFrames, "1 or more");
      require(maxKeyBytes >= 1, "pictures.maxKeyBytes", maxKeyBytes, "1 or more");
    }
  }

  /**
   * The role that classifies.
   *
   * @param applicationId names the group of classifiers, their transactions and their internal
   *     topics
   * @param instanceId sets static membership: the name of this process among the classifiers
   * @param threads stream threads in this process; 0 for one a core
   * @param guarantee exactly_once_v2 or at_least_once
   * @param commitInterval how long a transaction may take: predictions become visible at its end
   * @param busyCommitInterval how long while pictures queue, at least as long as the other
   * @param batchSize pictures that the backbone takes at once, at most as many as there are
   *     threads; 0 for 64 on a GPU and 1 elsewhere
   * @param batchWait how long the first picture of a batch waits for others
   * @param engineAttempts how often the engine is asked before a picture on which it fails is set
   *     aside
   * @param embeddingRetention how long an embedding waits for its correction
   * @param correctionPatience how long a correction waits for its image
   * @param drain how long a stop waits until what is under way is finished and committed
   * @param stateDir where the state stores are, or null for a folder of the system for temporary
   *     files
   * @param storeCacheBytes memory outside the heap for blocks and write buffers of all state stores
   *     together
   * @param verifyKey PEM file of the public keys one of which must have signed a head, or null
   */
  public record Classifier(
      String applicationId,
      @Nullable String instanceId,
      int threads,
      String guarantee,
      Duration commitInterval,
      Duration busyCommitInterval,
      int batchSize,
      Duration batchWait,
      int engineAttempts,
      Duration embeddingRetention,
      Duration correctionPatience,
      Duration drain,
      @Nullable String stateDir,
      long storeCacheBytes,
      @Nullable String verifyKey) {

    /** Every open store has a write buffer of some KB, and there are dozens of them. */
    private static final long SMALLEST_STORE_CACHE = 16_000_000;

    private static final Set<String> GUARANTEES = Set.of("exactly_once_v2", "at_least_once");

    public Classifier {
      require(!applicationId.isBlank(), "classifier.applicationId", "blank", "a name");
      require(threads >= 0, "classifier.threads", threads, "0 for one a core, or more");
      require(
          GUARANTEES.contains(guarantee),
          "classifier.guarantee",
          guarantee,
          "one of " + GUARANTEES);
      requirePositive("classifier.commitInterval", commitInterval);
      require(
          busyCommitInterval.compareTo(commitInterval) >= 0,
          "classifier.busyCommitInterval",
          busyCommitInterval,
          "at least classifier.commitInterval");
      require(
          batchSize >= 0, "classifier.batchSize", batchSize, "0 for what fits the device, or more");
      requirePositive("classifier.batchWait", batchWait);
      require(engineAttempts >= 1, "classifier.engineAttempts", engineAttempts, "1 or more");
      requirePositive("classifier.embeddingRetention", embeddingRetention);
      requirePositive("classifier.correctionPatience", correctionPatience);
      requirePositive("classifier.drain", drain);
      require(
          storeCacheBytes >= SMALLEST_STORE_CACHE,
          "classifier.storeCacheBytes",
          storeCacheBytes,
          SMALLEST_STORE_CACHE + " or more");
    }
  }

  /**
   * What the classifier asks people about. Shares are of the images of one partition; 0 turns a
   * reason off.
   *
   * @param uncertain share of the stream on which the champion hesitates most
   * @param novel share that may be asked because it is far from all that was trained on
   * @param disagreement share that may be asked because champion and challenger differ
   * @param audit share that is drawn by chance
   * @param noModel share before there is a head
   * @param first images of a partition that are asked at once before there is a head
   * @param noveltyQuantile an image is novel that is farther from what is known than this share of
   *     the examples was, 0 to 1
   * @param similarity cosine of two embeddings from which on two pictures are nearly the same
   * @param recent how many of the last questions are looked through for such pictures
   * @param seed of the drawing by chance
   */
  public record Review(
      double uncertain,
      double novel,
      double disagreement,
      double audit,
      double noModel,
      int first,
      double noveltyQuantile,
      double similarity,
      int recent,
      long seed) {
    public Review {
      requireShare("review.uncertain", uncertain);
      requireShare("review.novel", novel);
      requireShare("review.disagreement", disagreement);
      requireShare("review.audit", audit);
      requireShare("review.noModel", noModel);
      require(first >= 0, "review.first", first, "0 or more");
      requireShare("review.noveltyQuantile", noveltyQuantile);
      requireShare("review.similarity", similarity);
      require(recent >= 0 && recent <= 10_000, "review.recent", recent, "between 0 and 10,000");
    }
  }

  /**
   * The role that trains.
   *
   * @param group names the trainers that elect one leader
   * @param minNewExamples trains as soon as so many examples are new
   * @param interval trains after this time even if fewer are new
   * @param hidden width of a hidden layer, or 0 for a dense head
   * @param seed of every random choice
   * @param minExamplesPerLabel a label with fewer examples is left out
   * @param holdoutShare of the examples that is never trained on and judges heads, 0 to 0.5; 0 for
   *     cross-validation instead
   * @param maxAccuracyLoss how far the balanced accuracy of a new head may fall behind the
   *     champion's, 0 to 1
   * @param maxLabelRegression how far the recall of one label may fall, 0 to 1
   * @param promote what makes a new head the champion
   * @param shadowCorrections after so many corrections a challenger is judged
   * @param auditCorrections with so many corrections of pictures drawn by chance, the trial and the
   *     watchdog count only these
   * @param watchdog whether a champion that turns out worse is taken back
   * @param watchdogWindow how many of the last corrections the watchdog looks at
   * @param watchdogLimit how far the champion's accuracy on them may fall behind that of the one
   *     before it, 0 to 1
   * @param consensus how many labellers must agree: {@code last} or {@code majority:K}
   * @param signingKey PEM file of the private key that heads are signed with, or null
   * @param trainOnDrift whether it trains on fewer new examples while the pictures have drifted
   * @param driftShare drift is noticed when so many of the last pictures are novel, 0 to 1
   * @param driftWindow how many of the champion's last predictions are looked at
   * @param driftExamples then trains as soon as so many examples are new
   * @param driftInterval but not before this time after the last training
   */
  public record Trainer(
      String group,
      int minNewExamples,
      Duration interval,
      int hidden,
      long seed,
      int minExamplesPerLabel,
      double holdoutShare,
      double maxAccuracyLoss,
      double maxLabelRegression,
      Promote promote,
      int shadowCorrections,
      int auditCorrections,
      boolean watchdog,
      int watchdogWindow,
      double watchdogLimit,
      String consensus,
      @Nullable String signingKey,
      boolean trainOnDrift,
      double driftShare,
      int driftWindow,
      int driftExamples,
      Duration driftInterval) {

    /** What makes a new head the champion; written in lower case. */
    public enum Promote {
      /** The gate alone. */
      @JsonProperty("gate")
      GATE,
      /** The gate makes it the challenger, and the corrections that follow the champion. */
      @JsonProperty("shadow")
      SHADOW
    }

    public Trainer {
      require(!group.isBlank(), "trainer.group", "blank", "a name");
      require(minNewExamples >= 1, "trainer.minNewExamples", minNewExamples, "1 or more");
      requirePositive("trainer.interval", interval);
      require(
          hidden >= 0 && hidden <= 65_536,
          "trainer.hidden",
          hidden,
          "0 for a dense head, or up to 65,536");
      require(
          minExamplesPerLabel >= 2,
          "trainer.minExamplesPerLabel",
          minExamplesPerLabel,
          "2 or more: one is judged by the others");
      require(
          holdoutShare >= 0 && holdoutShare <= 0.5,
          "trainer.holdoutShare",
          holdoutShare,
          "between 0 and 0.5");
      requireShare("trainer.maxAccuracyLoss", maxAccuracyLoss);
      requireShare("trainer.maxLabelRegression", maxLabelRegression);
      require(shadowCorrections >= 1, "trainer.shadowCorrections", shadowCorrections, "1 or more");
      require(auditCorrections >= 1, "trainer.auditCorrections", auditCorrections, "1 or more");
      require(watchdogWindow >= 1, "trainer.watchdogWindow", watchdogWindow, "1 or more");
      requireShare("trainer.watchdogLimit", watchdogLimit);
      require(
          consensus.matches("last|majority:[1-9][0-9]?"),
          "trainer.consensus",
          consensus,
          "last, or majority:K for K labellers who agree");
      require(
          driftShare > 0 && driftShare <= 1,
          "trainer.driftShare",
          driftShare,
          "more than 0, and 1 at most");
      require(
          driftWindow >= 20 && driftWindow <= 100_000,
          "trainer.driftWindow",
          driftWindow,
          "between 20 and 100,000");
      require(driftExamples >= 1, "trainer.driftExamples", driftExamples, "1 or more");
      requirePositive("trainer.driftInterval", driftInterval);
    }
  }

  private static void requireShare(String key, double value) {
    require(value >= 0 && value <= 1, key, value, "between 0 and 1");
  }

  /**
   * The role that people label with.
   *
   * @param host address to listen on
   * @param port to listen on; 0 for one that is free
   * @param group names the group of instances that share the work
   * @param users file of users and their hashed passwords, or null: then only the loopback address
   *     is allowed, and everybody there may do everything
   * @param lease how long a picture is one labeller's
   * @param openItems review items in memory at most
   * @param leasesPerLabeller pictures that one labeller holds at most, shown and prefetched
   * @param history how far back answers are read at the start
   * @param rememberedAnswers answers that are remembered at most
   * @param pictureCacheBytes memory for pictures
   * @param lookBack records of a partition that a search for an image reads at most
   * @param session how long a login lasts
   * @param requestsPerSecond of one user, on average
   * @param loginsPerMinute from one address and for one user, on average
   * @param maxBodyBytes the largest body of a request, uploads aside
   * @param maxUploadBytes the largest file of corrections
   * @param tlsCertificate PEM file of the certificate and its chain, or null for plain HTTP
   * @param tlsKey PEM file of the private key
   * @param trustedHeader header in which a proxy says who the user is, or null
   * @param trustedProxies addresses of such proxies, with commas
   * @param trustedRole of users whom the users file does not name
   */
  public record Labelling(
      String host,
      int port,
      String group,
      @Nullable String users,
      Duration lease,
      int openItems,
      int leasesPerLabeller,
      Duration history,
      int rememberedAnswers,
      long pictureCacheBytes,
      int lookBack,
      Duration session,
      int requestsPerSecond,
      int loginsPerMinute,
      int maxBodyBytes,
      int maxUploadBytes,
      @Nullable String tlsCertificate,
      @Nullable String tlsKey,
      @Nullable String trustedHeader,
      String trustedProxies,
      String trustedRole) {

    private static final Set<String> ROLES = Set.of("labeller", "reviewer", "admin");

    public Labelling {
      require(!host.isBlank(), "labelling.host", "blank", "an address, such as 127.0.0.1");
      require(port >= 0 && port <= 65_535, "labelling.port", port, "between 0 and 65,535");
      require(!group.isBlank(), "labelling.group", "blank", "a name");
      requirePositive("labelling.lease", lease);
      require(openItems >= 1, "labelling.openItems", openItems, "1 or more");
      require(
          leasesPerLabeller >= 1, "labelling.leasesPerLabeller", leasesPerLabeller, "1 or more");
      requirePositive("labelling.history", history);
      require(
          rememberedAnswers >= 1, "labelling.rememberedAnswers", rememberedAnswers, "1 or more");
      require(
          pictureCacheBytes >= 1, "labelling.pictureCacheBytes", pictureCacheBytes, "1 or more");
      require(lookBack >= 1, "labelling.lookBack", lookBack, "1 or more");
      requirePositive("labelling.session", session);
      require(
          requestsPerSecond >= 1, "labelling.requestsPerSecond", requestsPerSecond, "1 or more");
      require(loginsPerMinute >= 1, "labelling.loginsPerMinute", loginsPerMinute, "1 or more");
      require(maxBodyBytes >= 1000, "labelling.maxBodyBytes", maxBodyBytes, "1,000 or more");
      require(maxUploadBytes >= 1000, "labelling.maxUploadBytes", maxUploadBytes, "1,000 or more");
      require(
          (tlsCertificate == null) == (tlsKey == null),
          "labelling.tlsKey",
          tlsKey,
          "set together with labelling.tlsCertificate, or neither");
      require(ROLES.contains(trustedRole), "labelling.trustedRole", trustedRole, "one of " + ROLES);
    }
  }

  /**
   * How a role starts.
   *
   * @param brokerPatience how long it waits for a cluster that does not answer
   */
  public record Startup(Duration brokerPatience) {
    public Startup {
      requirePositive("startup.brokerPatience", brokerPatience);
    }
  }

  /**
   * The port that every role has for metrics, health and log levels.
   *
   * @param host address to listen on
   * @param port to listen on, 0 for one that is free, or null for the first free one from 9400 on
   * @param tokenFile file with the token that log levels need, or null: then they are closed
   */
  public record Management(String host, @Nullable Integer port, @Nullable String tokenFile) {
    public Management {
      require(!host.isBlank(), "management.host", "blank", "an address, such as 127.0.0.1");
      require(
          port == null || (port >= 0 && port <= 65_535),
          "management.port",
          port,
          "between 0 and 65,535, or null");
    }
  }

  private static void requirePositive(String key, Duration value) {
    require(
        !value.isNegative() && !value.isZero(),
        key,
        value,
        "longer than nothing, such as 100ms, 5s, 12h or 7d");
  }
}
