package io.afina.cli.option;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names the backbone. */
public final class BackboneOptions {

  @Option(
      names = "--backbone",
      paramLabel = "ADDRESS",
      description = {
        "What turns pictures into embeddings: an .onnx file (ONNX Runtime: take it on a CPU, about twice as fast; int8 where the CPU has VNNI)",
        "or a .pt file (PyTorch: take it on a GPU) with its card beside it,",
        "or an address that it is fetched from once: hf://owner/name@revision/file, https://…, or djl:// of DJL's model zoo.",
        "Default: the small one that is built in."
      })
  private @Nullable String address;

  public @Nullable String address() {
    return address;
  }
}
