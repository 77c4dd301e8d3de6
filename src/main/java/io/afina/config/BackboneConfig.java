package io.afina.config;

import static io.afina.config.InvalidConfigException.require;
import static io.afina.config.InvalidConfigException.requireAtLeast;
import static io.afina.config.InvalidConfigException.requireBetween;
import static io.afina.config.InvalidConfigException.requireDevice;
import static io.afina.config.InvalidConfigException.requirePositive;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Selects the backbone and how it runs.
 *
 * @param address a file, an address ({@code hf://}, {@code https://}, {@code djl://}), {@code
 *     bundled:<file>}, or null for the one in the jar
 * @param sha256 that the file must have, in lower-case hex, or null for any
 * @param cacheDir where backbones are kept that were fetched, or null for what the environment says
 * @param fetchTime how long fetching a backbone may take
 * @param maxBytes the largest file that is fetched
 * @param allowHttp whether one may be fetched without encryption from other machines than this one
 * @param engineThreads threads of the engine for one prediction
 * @param device {@code auto}, {@code cpu} or a GPU by its number, such as {@code gpu:0}
 * @param upgradeRate kept pictures that a classifier embeds with a wanted backbone in a second, at
 *     most
 */
public record BackboneConfig(
    @Nullable String address,
    @Nullable String sha256,
    @Nullable String cacheDir,
    Duration fetchTime,
    long maxBytes,
    boolean allowHttp,
    int engineThreads,
    String device,
    int upgradeRate) {

  public BackboneConfig {
    require(
        sha256 == null || sha256.matches("[0-9a-f]{64}"),
        "backbone.sha256",
        sha256,
        "64 digits of lower-case hex, or nothing");
    requirePositive("backbone.fetchTime", fetchTime);
    requireAtLeast("backbone.maxBytes", maxBytes, 1);
    requireDevice("backbone.device", device);
    requireAtLeast("backbone.engineThreads", engineThreads, 1);
    requireBetween("backbone.upgradeRate", upgradeRate, 1, 10_000);
  }
}
