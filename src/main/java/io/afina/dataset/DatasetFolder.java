package io.afina.dataset;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a dataset, in a folder or in a ZIP file, which is never unpacked. Names that indexes
 * give lead to files within it only, whatever they say, and links lead nowhere else.
 *
 * @param root the folder, or that of the archive
 * @param index the one index that was named; null where it is to be found
 * @param archive that was opened for it; null of a folder
 */
record DatasetFolder(Path root, @Nullable Path index, @Nullable FileSystem archive)
    implements AutoCloseable {

  private static final long INDEX_BYTES = 256 << 20;
  private static final int FILES = 2_000_000;
  private static final int DEPTH = 16;

  /**
   * Opens a folder, a ZIP file, or the folder of an index.
   *
   * @throws AfinaException when there is none, or it cannot be read
   */
  static DatasetFolder open(Path path) {
    try {
      Path real = path.toRealPath();
      if (Files.isDirectory(real)) {
        return new DatasetFolder(real, null, null);
      }
      if (real.toString().toLowerCase(Locale.ROOT).endsWith(".zip")) {
        FileSystem archive = FileSystems.newFileSystem(real);
        return new DatasetFolder(archive.getPath("/"), null, archive);
      }
      return new DatasetFolder(real.resolveSibling(""), real, null);
    } catch (IOException | ProviderNotFoundException | InvalidPathException e) {
      throw new AfinaException(
          ExitCode.NOT_FOUND,
          "cannot read the dataset %s: %s; give a folder, a ZIP file or an index"
              .formatted(path, e),
          e);
    }
  }

  /** The file of a name below one of some folders; empty when there is none within the dataset. */
  Optional<Path> file(String name, List<Path> folders) {
    return folders.stream().flatMap(folder -> within(folder, name).stream()).findFirst();
  }

  private Optional<Path> within(Path folder, String name) {
    try {
      Path path = folder.resolve(name).normalize();
      return path.startsWith(root)
              && Files.isRegularFile(path)
              && path.toRealPath().startsWith(root)
          ? Optional.of(path)
          : Optional.empty();
    } catch (InvalidPathException | IOException e) {
      // No name of a file here.
      return Optional.empty();
    }
  }

  /** The path of a file within the dataset, with slashes. */
  String name(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  /** All files but hidden ones and links that lead elsewhere, in the order of their names. */
  List<Path> files() {
    try (Stream<Path> walk = Files.walk(root, DEPTH)) {
      List<Path> all = walk.limit(FILES + 1L).toList();
      if (all.size() > FILES) {
        throw new AfinaException(
            ExitCode.USAGE,
            "%s has more than %,d files: import its parts one by one".formatted(root, FILES));
      }
      return all.stream()
          .filter(file -> !("/" + name(file)).contains("/."))
          .filter(file -> file(name(file), List.of(root)).isPresent())
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new AfinaException(
          ExitCode.NOT_FOUND, "cannot read the files of %s: %s".formatted(root, e), e);
    }
  }

  /**
   * The bytes of an index.
   *
   * @throws AfinaException when it is too large
   */
  static byte[] index(Path file) throws IOException {
    byte[] bytes = bytes(file, INDEX_BYTES);
    if (bytes.length > INDEX_BYTES) {
      throw new AfinaException(
          ExitCode.USAGE, "%s has more than %,d bytes: divide it".formatted(file, INDEX_BYTES));
    }
    return bytes;
  }

  /** The bytes of a file, whatever an archive says of its size; of a larger one some more. */
  static byte[] bytes(Path file, long most) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(Math.toIntExact(most + 1));
    }
  }

  @Override
  public void close() throws IOException {
    if (archive != null) {
      archive.close();
    }
  }
}
