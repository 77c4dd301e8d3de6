package io.afina.replay;

import io.afina.demo.DrawnPicture;
import io.afina.demo.DrawnPictures;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A picture whose label is known.
 *
 * @param id its image id
 * @param label what it is
 * @param bytes reads or draws it, when its turn comes
 */
public record LabelledPicture(String id, String label, Supplier<byte[]> bytes) {

  /** The first {@code count} drawn pictures of a seed. */
  public static List<LabelledPicture> drawn(long seed, long count) {
    DrawnPictures drawing = new DrawnPictures(seed);
    return LongStream.range(0, count).parallel().mapToObj(i -> drawn(drawing, i)).toList();
  }

  /**
   * The pictures of a folder that has a folder a label, mixed. The id is the path from the folder's
   * name on, so that two folders do not share ids.
   *
   * @throws AfinaException when the folder is not of that form
   */
  public static List<LabelledPicture> folder(Path root, long seed) {
    List<LabelledPicture> pictures = new ArrayList<>();
    for (Path label : children(root)) {
      if (Files.isDirectory(label)) {
        children(label).stream()
            .filter(Files::isRegularFile)
            .forEach(file -> pictures.add(file(root, label, file)));
      }
    }
    if (pictures.isEmpty()) {
      throw new AfinaException(
          ExitCode.NOT_FOUND,
          "%s holds no pictures: it must have a folder a label, with that label's pictures inside"
              .formatted(root));
    }
    Collections.shuffle(pictures, new Random(seed));
    return pictures;
  }

  private static LabelledPicture drawn(DrawnPictures drawing, long index) {
    DrawnPicture picture = drawing.draw(index);
    return new LabelledPicture(picture.id(), picture.label(), picture::jpeg);
  }

  private static LabelledPicture file(Path root, Path label, Path file) {
    String id = String.join("/", name(root.toAbsolutePath().normalize()), name(label), name(file));
    return new LabelledPicture(id, name(label), () -> read(file));
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    } catch (IOException e) {
      throw new AfinaException(
          ExitCode.NOT_FOUND, "cannot read the folder %s: %s".formatted(folder, e), e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
