package io.afina.backbone;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import io.afina.backbone.card.BackboneEngine;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Parses the device that an engine runs on. */
public final class EngineDevice {

  /** A GPU if the engine finds one. */
  static final String AUTO = "auto";

  private static final Logger LOG = LoggerFactory.getLogger(EngineDevice.class);
  private static final String GPU = "gpu:";

  private EngineDevice() {}

  /**
   * Parses a device, and starts the engine that shall use it.
   *
   * @param key of the configuration that names the device, such as {@code trainer.device}
   * @param word {@code auto}, {@code cpu} or a GPU by its number, such as {@code gpu:0}
   * @throws AfinaException when the engine does not start, or finds no such GPU
   */
  public static Device of(BackboneEngine backbone, String key, String word) {
    Engine engine = EngineLibraries.load(backbone);
    if (word.startsWith(GPU)) {
      return gpu(engine, key, Integer.parseInt(word.substring(GPU.length())));
    }
    return word.equals(AUTO) ? auto(engine, key) : Device.cpu();
  }

  /** The word for a device, as {@link #of} takes it. */
  public static String word(Device device) {
    return device.isGpu() ? GPU + device.getDeviceId() : device.getDeviceType();
  }

  /**
   * The GPUs that an engine can use: all that the driver has, or none. DJL's own count is 0 where
   * the CUDA that came with the engine is the only one.
   */
  static int gpus(Engine engine) {
    return engine.hasCapability(StandardCapabilities.CUDA) ? CudaDriver.ask().gpus().size() : 0;
  }

  private static Device auto(Engine engine, String key) {
    if (gpus(engine) > 0) {
      return Device.gpu(0);
    }
    int unused = CudaDriver.ask().gpus().size();
    if (unused > 0) {
      LOG.atWarn()
          .addKeyValue("engine", engine.getEngineName())
          .addKeyValue("gpus", unused)
          .addKeyValue("key", key)
          .log("a GPU is not used, because the engine's libraries are not for CUDA");
    }
    return Device.cpu();
  }

  private static Device gpu(Engine engine, String key, int number) {
    int found = gpus(engine);
    if (number >= found) {
      throw new AfinaException(
          ExitCode.DEVICE,
          "%s is gpu:%d, and %s finds %d GPUs here: set it to auto or cpu, or bring CUDA as src/docs/backbones.md says; afina doctor shows what there is"
              .formatted(key, number, engine.getEngineName(), found));
    }
    return Device.gpu(number);
  }
}
