package io.afina.config;

import static io.afina.config.InvalidConfigException.requireAtLeast;
import static io.afina.config.InvalidConfigException.requireBetween;
import static io.afina.config.InvalidConfigException.requireDevice;

import org.jspecify.annotations.Nullable;

/**
 * Selects the backbone and how it runs.
 *
 * @param address a file, a {@code djl://} address, {@code bundled:<file>}, or null for the one in
 *     the jar
 * @param engineThreads threads of the engine for one prediction
 * @param device {@code auto}, {@code cpu} or a GPU by its number, such as {@code gpu:0}
 * @param upgradeRate kept pictures that a classifier embeds with a wanted backbone in a second, at
 *     most
 */
public record BackboneConfig(
    @Nullable String address, int engineThreads, String device, int upgradeRate) {
  public BackboneConfig {
    requireDevice("backbone.device", device);
    requireAtLeast("backbone.engineThreads", engineThreads, 1);
    requireBetween("backbone.upgradeRate", upgradeRate, 1, 10_000);
  }
}
