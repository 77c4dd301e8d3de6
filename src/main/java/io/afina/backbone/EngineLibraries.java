package io.afina.backbone;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.util.Platform;
import ai.djl.util.Utils;
import io.afina.backbone.card.BackboneEngine;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Loads the native libraries of engines. Those of PyTorch are in the distribution, for the CPU, or
 * in none: then DJL takes them from {@code PYTORCH_LIBRARY_PATH}, or fetches them.
 */
final class EngineLibraries {

  /** What DJL asks of the environment, and then of the system properties. */
  private static final String FLAVOUR = "PYTORCH_FLAVOR";

  private static final String FOLDERS = "PYTORCH_LIBRARY_PATH";

  /** The one for GPUs that DJL's own part was compiled for. */
  private static final String CUDA = "cu128";

  private EngineLibraries() {}

  /**
   * Starts an engine, or gives the one that was started before. ONNX Runtime has PyTorch compute
   * with its tensors, so that starts too.
   *
   * @throws AfinaException when its libraries cannot be loaded
   */
  static Engine load(BackboneEngine engine) {
    if (Utils.getEnvOrSystemProperty(FLAVOUR) == null) {
      flavour().ifPresent(flavour -> System.setProperty(FLAVOUR, flavour));
    }
    Engine torch = start(BackboneEngine.PYTORCH);
    return engine == BackboneEngine.PYTORCH ? torch : start(engine);
  }

  /** The first line of an engine's message; the others are traces. */
  static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
  }

  /** Whether a folder of PyTorch's libraries is for GPUs. */
  static boolean isForCuda(Path folder) {
    return has(folder, "torch_cuda");
  }

  /**
   * What PyTorch's libraries are for, where the class path does not say it. DJL would look for
   * CUDA's runtime on the system, and take the CPU's where there is only the driver.
   */
  private static Optional<String> flavour() {
    Optional<Path> named = named();
    if (named.isPresent()) {
      return named.map(folder -> isForCuda(folder) ? CUDA : "cpu");
    }
    return areBundled() ? Optional.empty() : Optional.of(CUDA);
  }

  /** The folder of PyTorch's libraries that the environment names, if they are there. */
  private static Optional<Path> named() {
    String folders = Objects.requireNonNullElse(Utils.getEnvOrSystemProperty(FOLDERS), "");
    return Stream.of(folders.split(File.pathSeparator))
        .map(Path::of)
        .filter(folder -> has(folder, "torch"))
        .findFirst();
  }

  private static boolean has(Path folder, String library) {
    return Files.exists(folder.resolve(System.mapLibraryName(library)));
  }

  /** Whether the distribution has PyTorch's. */
  static boolean areBundled() {
    return EngineLibraries.class.getResource("/native/lib/pytorch.properties") != null;
  }

  private static Engine start(BackboneEngine engine) {
    try {
      return Engine.getEngine(engine.djlName());
    } catch (EngineException | LinkageError e) {
      throw new AfinaException(
          ExitCode.DEVICE,
          "%s cannot load its native libraries (%s): %s"
              .formatted(engine.djlName(), root(e), remedy()),
          e);
    }
  }

  private static String remedy() {
    String version = Platform.fromSystem("pytorch").getVersion();
    if (named().isPresent()) {
      return "PYTORCH_LIBRARY_PATH names a folder, which must be a whole libtorch %s, and LD_LIBRARY_PATH where else its libraries find each other"
          .formatted(version);
    }
    return areBundled()
        ? "it unpacks them to DJL_CACHE_DIR, or .djl.ai in the home folder, which needs room, the right to write, and to run programs"
        : "this distribution was built without them, so let DJL fetch CUDA's over a network, once, into DJL_CACHE_DIR, or set PYTORCH_LIBRARY_PATH to the folder of a libtorch %s"
            .formatted(version);
  }

  /** What it comes from, in one line. */
  private static String root(Throwable thrown) {
    Throwable root =
        Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
            .reduce(thrown, (outer, inner) -> inner);
    return root.getClass().getSimpleName() + ", " + firstLine(root);
  }
}
