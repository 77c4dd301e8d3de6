package io.afina;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real backbones and photographs, which are not part of the repository. */
public final class Shared {

  private Shared() {}

  /**
   * A file or folder among them. The test that wants it is skipped where it is missing, and fails
   * in CI, where nothing may be skipped unseen.
   */
  public static Path require(String relative) {
    Path path = Path.of(System.getProperty("afina.shared", "../shared"), relative);
    if (!Files.exists(path) && System.getenv("CI") != null) {
      fail("%s is missing: point -Dafina.shared at the folder that has it", path);
    }
    assumeTrue(Files.exists(path), () -> path + " is missing");
    return path;
  }
}
