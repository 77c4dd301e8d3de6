package io.afina.classifier;

import io.afina.config.AfinaConfig;
import io.afina.config.ClassifierConfig;
import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.topic.TopicAdmin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Claims the folder of the state stores for one cluster: a store's checkpoint is an offset, and
 * another cluster's topics have offsets too.
 */
public final class StateFolder {

  /** Raised when the stores of an older Afina can no longer be read. */
  private static final int LAYOUT = 1;

  private static final String MARK = "afina-state.json";

  /** The least that must be writable, in bytes. */
  private static final int PROBE = 1 << 20;

  private StateFolder() {}

  /** The cluster that the folder belongs to, as it is written into it. */
  private record Owner(@Nullable String cluster, int layout) {}

  /** The folder that is configured, or else one of the system's for temporary files. */
  public static Path of(ClassifierConfig classifier) {
    String named = classifier.stateDir();
    return named == null ? Path.of(System.getProperty("java.io.tmpdir"), "afina") : Path.of(named);
  }

  /**
   * Checks that there is room for state stores, and that a folder that is configured is this
   * cluster's.
   *
   * @throws AfinaException with {@link ExitCode#STATE} when one of both is not so
   */
  public static void claim(AfinaConfig config) {
    Path folder = of(config.classifier());
    if (config.classifier().stateDir() == null) {
      requireRoom(folder);
      return;
    }
    try (TopicAdmin admin = TopicAdmin.connect(config)) {
      claim(folder, admin.clusterId());
    }
  }

  /**
   * Takes a folder for a cluster, or finds it taken for the same.
   *
   * @throws AfinaException with {@link ExitCode#STATE} when it is another cluster's, of another
   *     layout, or cannot be written; nothing in it is touched then
   */
  static void claim(Path folder, String cluster) {
    requireRoom(folder);
    Path mark = folder.resolve(MARK);
    try {
      if (Files.exists(mark)) {
        require(folder, read(mark), cluster);
      } else {
        Files.write(mark, Json.write(new Owner(cluster, LAYOUT)));
      }
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  private static void require(Path folder, Owner owner, String cluster) {
    if (!cluster.equals(owner.cluster())) {
      throw unusable(
          folder,
          "belongs to the cluster %s, and this is %s: name the right brokers or another folder"
              .formatted(owner.cluster(), cluster));
    }
    if (owner.layout() != LAYOUT) {
      throw unusable(
          folder,
          "has layout %d of another version, and this one reads %d: name another folder"
              .formatted(owner.layout(), LAYOUT));
    }
  }

  private static Owner read(Path mark) throws IOException {
    try {
      return Json.read(Files.readAllBytes(mark), Owner.class);
    } catch (MalformedRecordException e) {
      throw unusable(mark, e.getMessage() + ": name another folder");
    }
  }

  /**
   * Writes a megabyte and removes it: a full disk shows now, and not in the middle of a
   * transaction.
   *
   * @throws AfinaException with {@link ExitCode#STATE} when it cannot be written
   */
  static void requireRoom(Path folder) {
    try {
      Files.createDirectories(folder);
      // One name: a killed process leaves one file, and the next start takes it.
      Path probe = folder.resolve("probe.tmp");
      try {
        Files.write(probe, new byte[PROBE]);
      } finally {
        Files.deleteIfExists(probe);
      }
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  /** For what a store says that cannot be opened; its own sentence names the store alone. */
  static AfinaException unwritable(Path folder, Throwable why) {
    Throwable root = why;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return unusable(folder, "cannot be written (%s): make room or name another".formatted(root));
  }

  /** For a folder that another process has locked. */
  static AfinaException shared(Path folder, Throwable why) {
    return new AfinaException(
        ExitCode.STATE,
        "the state folder %s is used by another process: give each one of its own with --state-dir"
            .formatted(folder),
        why);
  }

  private static AfinaException unusable(Path folder, String why) {
    return new AfinaException(
        ExitCode.STATE,
        "the state folder %s %s with --state-dir; stores are rebuilt from Kafka"
            .formatted(folder, why));
  }
}
