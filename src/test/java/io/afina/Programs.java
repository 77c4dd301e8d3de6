package io.afina;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs of the machine that some tests need; those are skipped where they are missing. */
public final class Programs {

  private Programs() {}

  /** Skips the test where a program is not installed, as it is in CI. */
  public static void require(String program) {
    boolean there =
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
    assumeTrue(there, "there is no " + program + " here");
  }
}
