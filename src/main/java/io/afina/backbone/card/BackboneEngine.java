package io.afina.backbone.card;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.util.Arrays;
import java.util.Optional;

/** The engines that run a backbone's file. */
public enum BackboneEngine {
  PYTORCH("PyTorch", ".pt"),
  ONNX_RUNTIME("OnnxRuntime", ".onnx");

  private final String djlName;
  private final String extension;

  BackboneEngine(String djlName, String extension) {
    this.djlName = djlName;
    this.extension = extension;
  }

  /** Its name in DJL and in cards, such as {@code PyTorch}. */
  public String djlName() {
    return djlName;
  }

  /** The extension of its files, such as {@code .pt}. */
  public String extension() {
    return extension;
  }

  /** The engine of this name, if Afina has it. */
  public static Optional<BackboneEngine> named(String djlName) {
    return Arrays.stream(values()).filter(engine -> engine.djlName.equals(djlName)).findFirst();
  }

  /**
   * The engine that runs a file of this name.
   *
   * @throws AfinaException when the name ends in neither {@code .pt} nor {@code .onnx}
   */
  public static BackboneEngine ofFile(String name) {
    return Arrays.stream(values())
        .filter(engine -> name.endsWith(engine.extension))
        .findFirst()
        .orElseThrow(
            () ->
                new AfinaException(
                    ExitCode.BACKBONE,
                    "the backbone %s is neither a .pt nor an .onnx file: export it as one of them"
                        .formatted(name)));
  }
}
