package io.afina.trainer;

import ai.djl.Device;
import io.afina.backbone.EngineDevice;
import io.afina.backbone.card.BackboneEngine;
import io.afina.config.TrainerConfig;
import io.afina.lifecycle.AfinaException;
import io.afina.trainer.fit.HeadTraining;

/** Tries whether heads can be trained where the configuration says. */
public final class TrainingCheck {

  private TrainingCheck() {}

  /**
   * Trains a head on two examples.
   *
   * @return the device that it was trained on, such as {@code cpu} or {@code gpu:0}
   * @throws AfinaException when the engine does not start, or the device is missing
   */
  public static String run(TrainerConfig settings) {
    Device device = device(settings);
    new HeadTraining(settings.hidden(), settings.seed(), device).warmUp();
    return EngineDevice.word(device);
  }

  /** The device of the configuration. */
  static Device device(TrainerConfig settings) {
    return EngineDevice.of(BackboneEngine.PYTORCH, "trainer.device", settings.device());
  }
}
