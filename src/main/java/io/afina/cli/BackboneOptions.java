package io.afina.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which backbone. */
final class BackboneOptions {

  @Option(
      names = "--backbone",
      paramLabel = "ADDRESS",
      description = {
        "What turns pictures into embeddings: a .pt file (PyTorch) or an .onnx file (ONNX Runtime, about twice as fast on a CPU)",
        "with its card beside it, or a djl:// address of DJL's model zoo. Default: the small one that is built in."
      })
  private @Nullable String address;

  @Nullable String address() {
    return address;
  }
}
