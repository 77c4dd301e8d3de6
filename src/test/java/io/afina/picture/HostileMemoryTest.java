package io.afina.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Child;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile pictures in a process whose heap is much smaller than their pixels. */
class HostileMemoryTest {

  @Test
  void shouldDecodeOrRefuseHostilePicturesWithoutRunningOutOfMemory(@TempDir Path folder)
      throws Exception {
    // given
    List<String> java =
        List.of(
            "-Xmx96m",
            "-XX:+ExitOnOutOfMemoryError",
            // As the launcher sets it: else Java before 25 may find no memory where there is some.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:GCLockerRetryAllocationCount=100");

    // when
    try (Child child =
        Child.start(folder, "hostile", java, HostileDecoding.class, List.of("4000", "2"))) {
      int exit = child.awaitExit();

      // then
      assertThat(exit).as(child.output()).isZero();
      assertThat(child.output())
          .contains("all have an outcome", "good: decoded", "png-16-rgba: decoded", "gif: decoded")
          .contains(
              "png-16-rgba-interlaced: decoded", "png-8-rgb: decoded", "bmp-8-run-lengths: decoded")
          .contains("tiff-deflate: TOO_MANY_PIXELS", "tiff-deflate-16: TOO_MANY_PIXELS")
          .contains("webp-code-tables: BROKEN_PICTURE", "more memory than a picture of its size")
          .contains("webp-lossless: TOO_MANY_PIXELS", "pictures.decodeHeapBytes leaves")
          .doesNotContain("good: BROKEN", "good: TOO", "OutOfMemoryError");
    }
  }
}
