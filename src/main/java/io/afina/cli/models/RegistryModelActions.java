package io.afina.cli.models;

import io.afina.config.AfinaConfig;
import io.afina.labelling.ModelActions;

/** Moves the champion for the labelling page, as a writer of {@code models} for one move. */
public record RegistryModelActions(AfinaConfig config) implements ModelActions {

  @Override
  public void promote(long version, String who, String why) {
    ModelRegistry.write(config, (writer, models) -> writer.promote(version, who, why));
  }

  @Override
  public void rollback(String who, String why) {
    ModelRegistry.write(config, (writer, models) -> writer.rollback(who, why, true));
  }

  @Override
  public void unpin(String who, String why) {
    ModelRegistry.write(config, (writer, models) -> writer.unpin(who, why));
  }
}
