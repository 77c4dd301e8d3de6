package io.afina.lifecycle;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A temporary folder that is deleted with its content when it is closed. One whose process was
 * killed is deleted when the next of its kind is made: a file in it is locked while its process
 * lives.
 */
public final class TemporaryFolder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TemporaryFolder.class);
  private static final String LOCK = ".afina.lock";

  /** Younger ones may not have been locked yet. */
  private static final Duration SAFE_AGE = Duration.ofSeconds(10);

  private final Path path;
  private final FileChannel lock;

  /**
   * Makes one among the system's temporary files.
   *
   * @param prefix of its name: the kind
   * @throws AfinaException when that cannot be
   */
  public TemporaryFolder(String prefix) {
    this(Path.of(System.getProperty("java.io.tmpdir")), prefix);
  }

  TemporaryFolder(Path parent, String prefix) {
    deleteAbandoned(parent, prefix);
    try {
      path = Files.createTempDirectory(parent, prefix);
      lock = open(path, StandardOpenOption.CREATE_NEW);
      lock.lock();
    } catch (IOException e) {
      throw new AfinaException(ExitCode.FAILURE, "cannot make a temporary folder: " + e, e);
    }
  }

  public Path path() {
    return path;
  }

  /** Deletes a folder with its content. */
  public static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> tree = Files.walk(folder)) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    }
    Path mark = folder.resolve(LOCK);
    for (Path each : all) {
      if (!each.equals(mark) && !each.equals(folder)) {
        Files.deleteIfExists(each);
      }
    }
    // At last, so that what is left of an interrupted deletion is found again.
    Files.deleteIfExists(mark);
    Files.deleteIfExists(folder);
  }

  @Override
  public void close() {
    try (lock) {
      delete(path);
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("folder", path).setCause(e).log("temporary folder stays");
    }
  }

  private static FileChannel open(Path folder, StandardOpenOption how) throws IOException {
    return FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE, how);
  }

  private static void deleteAbandoned(Path parent, String prefix) {
    try (Stream<Path> all = Files.list(parent)) {
      all.filter(path -> path.getFileName().toString().startsWith(prefix))
          .forEach(TemporaryFolder::deleteIfAbandoned);
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("folder", parent).setCause(e).log("cannot look for old folders");
    }
  }

  /** Leaves what is in use, and what is not ours to delete. */
  private static void deleteIfAbandoned(Path folder) {
    try (FileChannel lock = open(folder, StandardOpenOption.WRITE)) {
      Instant made = Files.getLastModifiedTime(folder.resolve(LOCK)).toInstant();
      if (made.isBefore(Instant.now().minus(SAFE_AGE)) && lock.tryLock() != null) {
        delete(folder);
      }
    } catch (IOException | OverlappingFileLockException e) {
      LOG.atDebug().addKeyValue("folder", folder).setCause(e).log("temporary folder stays");
    }
  }
}
