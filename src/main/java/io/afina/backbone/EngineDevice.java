package io.afina.backbone;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;

/** Parses the device that an engine runs on. */
public final class EngineDevice {

  /** A GPU if the engine finds one. */
  static final String AUTO = "auto";

  private static final String GPU = "gpu:";

  private EngineDevice() {}

  /**
   * Parses a device.
   *
   * @param word {@code auto}, {@code cpu} or a GPU by its number, such as {@code gpu:0}
   * @throws AfinaException when the engine finds no such GPU
   */
  static Device of(BackboneEngine backbone, String word) {
    Engine engine = Engine.getEngine(backbone.djlName());
    if (word.startsWith(GPU)) {
      return gpu(engine, Integer.parseInt(word.substring(GPU.length())));
    }
    return word.equals(AUTO) ? engine.defaultDevice() : Device.cpu();
  }

  /** The word for a device, as {@link #of} takes it. */
  public static String word(Device device) {
    return device.isGpu() ? GPU + device.getDeviceId() : device.getDeviceType();
  }

  private static Device gpu(Engine engine, int number) {
    int found = engine.hasCapability(StandardCapabilities.CUDA) ? engine.getGpuCount() : 0;
    if (number >= found) {
      throw new AfinaException(
          ExitCode.BACKBONE,
          "backbone.device is gpu:%d, and %s finds %d GPUs here: set it to auto or cpu, or bring CUDA as src/docs/backbones.md says"
              .formatted(number, engine.getEngineName(), found));
    }
    return Device.gpu(number);
  }
}
