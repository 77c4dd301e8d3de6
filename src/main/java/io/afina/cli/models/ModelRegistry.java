package io.afina.cli.models;

import io.afina.config.AfinaConfig;
import io.afina.kafka.ClassifierMembers;
import io.afina.kafka.Fencing;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.model.Head;
import io.afina.model.HeadFile;
import io.afina.model.HeadRefusedException;
import io.afina.model.ModelLog;
import io.afina.model.ModelWriter;
import io.afina.topic.ReadyTopics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Reads and writes the topic {@code models} for commands. */
public final class ModelRegistry {

  private ModelRegistry() {}

  /** Opens it and reads all that is there. */
  public static ModelLog open(AfinaConfig config) {
    ReadyTopics.require(config, List.of(config.topics().models().name()));
    ModelLog models = ModelLog.open(config);
    models.readToEnd();
    return models;
  }

  /**
   * Fences the writer that there is, writes, and lets the next one write. A trainer may do the same
   * at the same moment: then the change is made again, of what the registry says by then.
   *
   * @param change may be called several times
   */
  public static void write(AfinaConfig config, BiConsumer<ModelWriter, ModelLog> change) {
    try {
      var unused = Fencing.retry(() -> writeOnce(config, change));
    } catch (KafkaException e) {
      throw new AfinaException(ExitCode.UNREACHABLE, "nothing was changed: " + e.getMessage(), e);
    }
  }

  /** Returns the registry as the change left it. */
  private static ModelLog writeOnce(AfinaConfig config, BiConsumer<ModelWriter, ModelLog> change) {
    try (ModelLog models = open(config);
        ModelWriter writer = new ModelWriter(config, models)) {
      change.accept(writer, models);
      return models;
    }
  }

  /**
   * A head by its version.
   *
   * @throws AfinaException when there is none, or it cannot be read
   */
  static Head require(ModelLog models, long version) {
    return read("head " + version, blob(models, version));
  }

  /**
   * Requires that every classifier has the backbone of a head loaded, where the registry names it.
   *
   * @throws AfinaException when one has not: it would go on with the head before
   */
  static void requireLoaded(AfinaConfig config, ModelLog models, long version) {
    String backbone = require(models, version).card().backbone();
    if (!models.backbones().containsKey(backbone)) {
      return;
    }
    try (ClassifierMembers group = new ClassifierMembers(config)) {
      Map<String, String> without = group.without(backbone);
      if (!without.isEmpty()) {
        throw new AfinaException(
            ExitCode.BACKBONE,
            "head %d needs the backbone %.12s, which not every classifier has loaded: %s; 'afina backbone status' shows when they have"
                .formatted(version, backbone, without));
      }
    }
  }

  static byte[] blob(ModelLog models, long version) {
    return models
        .head(version)
        .orElseThrow(
            () ->
                new AfinaException(
                    ExitCode.NOT_FOUND,
                    "there is no head %d; 'afina models' lists those that there are"
                        .formatted(version)));
  }

  static Head read(String what, byte[] blob) {
    try {
      return HeadFile.read(blob);
    } catch (HeadRefusedException e) {
      throw new AfinaException(
          ExitCode.NOT_FOUND, "%s cannot be used: %s".formatted(what, e.why()), e);
    }
  }

  /** The names that point at a version, with commas. */
  static String aliases(ModelLog models, @Nullable Long version) {
    return models.aliases().entrySet().stream()
        .filter(alias -> Objects.equals(alias.getValue().version(), version))
        .map(Map.Entry::getKey)
        .sorted()
        .collect(Collectors.joining(","));
  }
}
