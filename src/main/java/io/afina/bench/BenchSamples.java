package io.afina.bench;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.replay.LabelledPicture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads or draws the pictures that a bench measures with. */
public final class BenchSamples {

  private static final int DRAWN = 100;

  private BenchSamples() {}

  /**
   * All files below a folder, or drawn pictures.
   *
   * @throws AfinaException when there are none
   */
  public static List<byte[]> read(@Nullable Path folder) {
    if (folder == null) {
      return LabelledPicture.drawn(1, DRAWN).stream()
          .map(picture -> picture.bytes().get())
          .toList();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      List<byte[]> samples = new ArrayList<>();
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        samples.add(Files.readAllBytes(file));
      }
      requireSome(folder, samples);
      return samples;
    } catch (IOException e) {
      throw new AfinaException(
          ExitCode.NOT_FOUND, "cannot read the folder %s: %s".formatted(folder, e), e);
    }
  }

  private static void requireSome(Path folder, List<byte[]> samples) {
    if (samples.isEmpty()) {
      throw new AfinaException(
          ExitCode.NOT_FOUND, "%s holds no file: name a folder of pictures".formatted(folder));
    }
  }
}
