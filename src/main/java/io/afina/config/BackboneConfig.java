package io.afina.config;

import static io.afina.config.InvalidConfigException.require;
import static io.afina.config.InvalidConfigException.requireAtLeast;

import org.jspecify.annotations.Nullable;

/**
 * Selects the backbone and how it runs.
 *
 * @param address a file, a {@code djl://} address, {@code bundled:<file>}, or null for the one in
 *     the jar
 * @param engineThreads threads of the engine for one prediction
 * @param device {@code auto}, {@code cpu} or a GPU by its number, such as {@code gpu:0}
 */
public record BackboneConfig(@Nullable String address, int engineThreads, String device) {
  public BackboneConfig {
    require(
        device.matches("auto|cpu|gpu:\\d{1,3}"),
        "backbone.device",
        device,
        "auto, cpu or a GPU by its number, such as gpu:0");
    requireAtLeast("backbone.engineThreads", engineThreads, 1);
  }
}
