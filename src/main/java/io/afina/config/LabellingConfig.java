package io.afina.config;

import static io.afina.config.InvalidConfigException.require;
import static io.afina.config.InvalidConfigException.requirePositive;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The role that people label with.
 *
 * @param host address to listen on
 * @param port to listen on; 0 for one that is free
 * @param group names the group of instances that share the work
 * @param users file of users and their hashed passwords, or null: then only the loopback address is
 *     allowed, and everybody there may do everything
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
public record LabellingConfig(
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

  public LabellingConfig {
    require(!host.isBlank(), "labelling.host", "blank", "an address, such as 127.0.0.1");
    require(port >= 0 && port <= 65_535, "labelling.port", port, "between 0 and 65,535");
    require(!group.isBlank(), "labelling.group", "blank", "a name");
    requirePositive("labelling.lease", lease);
    require(openItems >= 1, "labelling.openItems", openItems, "1 or more");
    require(leasesPerLabeller >= 1, "labelling.leasesPerLabeller", leasesPerLabeller, "1 or more");
    requirePositive("labelling.history", history);
    require(rememberedAnswers >= 1, "labelling.rememberedAnswers", rememberedAnswers, "1 or more");
    require(pictureCacheBytes >= 1, "labelling.pictureCacheBytes", pictureCacheBytes, "1 or more");
    require(lookBack >= 1, "labelling.lookBack", lookBack, "1 or more");
    requirePositive("labelling.session", session);
    require(requestsPerSecond >= 1, "labelling.requestsPerSecond", requestsPerSecond, "1 or more");
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
