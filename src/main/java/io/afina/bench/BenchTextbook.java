package io.afina.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which backbone a part of the bench takes. */
final class BenchTextbook {

  private static final String BUNDLED = "bundled:";
  private static final String ZOO = "djl://";
  private static final String OF_THE_JAR = BUNDLED + "small_res_112.pt";

  private BenchTextbook() {}

  /** An address of a backbone, or null for the one in the jar. */
  record Address(@Nullable String value) {}

  /**
   * The backbone's own, and for the textbook the PyTorch file beside it: {@code x.pt} for {@code
   * x.onnx} and {@code x.int8.onnx}; empty when there is none.
   */
  static Optional<Address> address(@Nullable String backbone, BenchPart part) {
    if (part != BenchPart.TEXTBOOK) {
      return Optional.of(new Address(backbone));
    }
    if (backbone == null || backbone.startsWith(BUNDLED)) {
      return Optional.of(new Address(OF_THE_JAR));
    }
    if (backbone.startsWith(ZOO)) {
      return Optional.empty();
    }
    Path file = Path.of(backbone);
    String name = String.valueOf(file.getFileName());
    Path sibling = file.resolveSibling(name.substring(0, name.indexOf('.')) + ".pt");
    return Files.exists(sibling) ? Optional.of(new Address(sibling.toString())) : Optional.empty();
  }
}
