package io.afina.config;

import static io.afina.config.InvalidConfigException.require;
import static io.afina.config.InvalidConfigException.requireAtLeast;
import static io.afina.config.InvalidConfigException.requireBetween;
import static io.afina.config.InvalidConfigException.requirePositive;
import static io.afina.config.InvalidConfigException.requireShare;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Configures the labelling service.
 *
 * @param host address to listen on
 * @param port to listen on; 0 for one that is free
 * @param group names the group of instances that share the work
 * @param users file of users and their hashed passwords, or null: then only the loopback address is
 *     allowed, and everybody there may do everything
 * @param lease how long a picture is reserved for one labeller
 * @param openItems review items in memory at most
 * @param leasesPerLabeller pictures that one labeller holds at most, shown and prefetched
 * @param alike labelled images that are compared with a picture at most, the last ones
 * @param overlap share of the images that two labellers are asked about at least, 0 to 1
 * @param assignments who is asked about some images only, see {@link Assignment}
 * @param dailyGoal images that each labeller should label a day; 0 for no goal
 * @param history how far back answers are read at the start
 * @param rememberedAnswers answers that are remembered at most
 * @param galleryImages images that the gallery remembers at most, the newest, and as many of those
 *     that people were asked about
 * @param pictureCacheBytes memory for pictures
 * @param lookBack records of a partition that a search for an image reads at most
 * @param session how long a login lasts
 * @param requestsPerSecond of one user, on average
 * @param loginsPerMinute wrong attempts to log in from one address, on average
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
    int alike,
    double overlap,
    List<String> assignments,
    int dailyGoal,
    Duration history,
    int rememberedAnswers,
    int galleryImages,
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
    requireBetween("labelling.port", port, 0, 65_535);
    require(!group.isBlank(), "labelling.group", "blank", "a name");
    requirePositive("labelling.lease", lease);
    requireAtLeast("labelling.openItems", openItems, 1);
    requireAtLeast("labelling.leasesPerLabeller", leasesPerLabeller, 1);
    requireAtLeast("labelling.alike", alike, 1);
    requireShare("labelling.overlap", overlap);
    assignments =
        assignments.stream()
            .flatMap(list -> Arrays.stream(list.split(";", -1)))
            .filter(each -> !each.isBlank())
            .toList();
    assignments.forEach(Assignment::parse);
    requireAtLeast("labelling.dailyGoal", dailyGoal, 0);
    requirePositive("labelling.history", history);
    requireAtLeast("labelling.rememberedAnswers", rememberedAnswers, 1);
    requireBetween("labelling.galleryImages", galleryImages, 1, 1_000_000);
    requireAtLeast("labelling.pictureCacheBytes", pictureCacheBytes, 1);
    requireAtLeast("labelling.lookBack", lookBack, 1);
    requirePositive("labelling.session", session);
    requireAtLeast("labelling.requestsPerSecond", requestsPerSecond, 1);
    requireAtLeast("labelling.loginsPerMinute", loginsPerMinute, 1);
    requireAtLeast("labelling.maxBodyBytes", maxBodyBytes, 1000);
    requireAtLeast("labelling.maxUploadBytes", maxUploadBytes, 1000);
    require(
        (tlsCertificate == null) == (tlsKey == null),
        "labelling.tlsKey",
        tlsKey,
        "set together with labelling.tlsCertificate, or neither");
    require(ROLES.contains(trustedRole), "labelling.trustedRole", trustedRole, "one of " + ROLES);
  }

  /** Who is asked about some images only. */
  public List<Assignment> assigned() {
    return assignments.stream().map(Assignment::parse).toList();
  }
}
