package io.afina.backbone;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.LibUtils;
import ai.onnxruntime.OrtEnvironment;
import io.afina.backbone.card.BackboneEngine;
import io.afina.lifecycle.AfinaException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Describes an engine as this process sees it.
 *
 * @param natives where its native libraries are
 * @param builtFor what they can compute on, such as {@code CUDA}
 * @param devices that it can be told to use, such as {@code cpu}, {@code gpu:0}
 */
public record EngineReport(
    String name, String version, String natives, String builtFor, List<String> devices) {

  /**
   * Starts an engine and describes it.
   *
   * @throws AfinaException when it does not start
   */
  public static EngineReport of(BackboneEngine engine) {
    Engine started = EngineLibraries.load(engine);
    return engine == BackboneEngine.PYTORCH ? pytorch(started) : onnxRuntime(started);
  }

  private static EngineReport pytorch(Engine engine) {
    Path folder = Path.of(LibUtils.getLibtorchPath());
    return new EngineReport(
        engine.getEngineName(),
        engine.getVersion(),
        folder.toString(),
        EngineLibraries.isForCuda(folder) ? "CUDA" : "CPU",
        devices(engine));
  }

  private static EngineReport onnxRuntime(Engine engine) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    return new EngineReport(
        engine.getEngineName(),
        environment.getVersion(),
        "in its jar",
        OrtEnvironment.getAvailableProviders().stream()
            .map(provider -> provider.getName().replace("ExecutionProvider", ""))
            .collect(Collectors.joining(", ")),
        devices(engine));
  }

  private static List<String> devices(Engine engine) {
    List<String> devices = new ArrayList<>(List.of("cpu"));
    for (int n = 0; n < EngineDevice.gpus(engine); n++) {
      devices.add("gpu:" + n);
    }
    return devices;
  }
}
