package io.afina.backbone.address;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.nio.file.Path;

/** Tells failures of the cache's disk from those of the network, which are IOExceptions too. */
final class CacheException {

  private CacheException() {}

  /** What writes to the cache. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  static void onDisk(Path path, Action action) {
    try {
      action.run();
    } catch (IOException e) {
      throw of(path, e);
    }
  }

  static AfinaException of(Path path, IOException e) {
    return new AfinaException(
        ExitCode.BACKBONE,
        "the cache of backbones cannot be used, %s (%s): make room or make it writable, or name another folder with backbone.cacheDir"
            .formatted(path, e),
        e);
  }
}
