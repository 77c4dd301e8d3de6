package io.afina.cli;

import io.afina.event.Sha256;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Finds the files that are to be published, and gives each its image id. */
record PictureFiles(IdFrom from, String prefix) {

  /** What an image id is made of. */
  enum IdFrom {
    /** The file's name. */
    NAME,
    /** The path of the file within the folder that was given, with slashes. */
    PATH,
    /** The SHA-256 of the file's bytes in hex: the same picture has one id, wherever it is. */
    SHA256
  }

  /**
   * The files by their ids, folder by folder in the order of their names. Below a folder, hidden
   * files and folders are left out.
   *
   * @throws AfinaException when a path cannot be read, or two files would have the same id
   */
  Map<String, Path> find(List<Path> paths) {
    Map<String, Path> files = new LinkedHashMap<>();
    for (Path path : paths) {
      try (Stream<Path> below = Files.walk(path)) {
        for (Path file : below.filter(file -> isWanted(path, file)).sorted().toList()) {
          Path other = files.putIfAbsent(prefix + id(path, file), file);
          if (other != null && from != IdFrom.SHA256) {
            throw sameId(id(path, file), other, file);
          }
        }
      } catch (IOException e) {
        throw new AfinaException(
            ExitCode.NOT_FOUND,
            "cannot read %s: %s; give a picture or a folder of pictures".formatted(path, e),
            e);
      }
    }
    return files;
  }

  private AfinaException sameId(String id, Path one, Path other) {
    return new AfinaException(
        ExitCode.USAGE,
        "%s and %s would both have the image id %s, nothing was sent: give %s"
            .formatted(
                one,
                other,
                prefix + id,
                from == IdFrom.NAME
                    ? "--id-from path or sha256"
                    : "the folder that holds both, another --id-prefix for each, or --id-from sha256"));
  }

  private static boolean isWanted(Path given, Path file) {
    return Files.isRegularFile(file) && names(given, file).noneMatch(name -> name.startsWith("."));
  }

  private String id(Path given, Path file) throws IOException {
    return switch (from) {
      case NAME -> String.valueOf(file.getFileName());
      case PATH ->
          given.equals(file)
              ? String.valueOf(file.getFileName())
              : names(given, file).collect(Collectors.joining("/"));
      case SHA256 -> sha256(file);
    };
  }

  /** What comes after the path that was given, name by name; one empty name for itself. */
  private static Stream<String> names(Path given, Path file) {
    return StreamSupport.stream(given.relativize(file).spliterator(), false).map(Path::toString);
  }

  private static String sha256(Path file) throws IOException {
    try (var bytes = new DigestInputStream(Files.newInputStream(file), Sha256.newDigest())) {
      bytes.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(bytes.getMessageDigest().digest());
    }
  }
}
