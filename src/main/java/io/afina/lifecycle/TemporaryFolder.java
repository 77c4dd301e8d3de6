package io.afina.lifecycle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A temporary folder that is deleted with its content when it is closed. */
public record TemporaryFolder(Path path) implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TemporaryFolder.class);

  public TemporaryFolder(String prefix) {
    this(make(prefix));
  }

  private static Path make(String prefix) {
    try {
      return Files.createTempDirectory(prefix);
    } catch (IOException e) {
      throw new AfinaException(ExitCode.FAILURE, "cannot make a temporary folder: " + e, e);
    }
  }

  @Override
  public void close() {
    try (Stream<Path> tree = Files.walk(path)) {
      for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("folder", path).setCause(e).log("temporary folder stays");
    }
  }
}
