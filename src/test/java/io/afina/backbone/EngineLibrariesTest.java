package io.afina.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Child;
import io.afina.backbone.card.BackboneEngine;
import io.afina.cli.Afina;
import io.afina.lifecycle.ExitCode;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A distribution without PyTorch's libraries, as {@code mvn -Pgpu} makes it. */
class EngineLibrariesTest {

  @TempDir Path folder;

  @Test
  void shouldSayBothWaysOnWhereThereAreNoLibrariesAndNoNetwork() throws Exception {
    try (Child doctor = doctor("-Dai.djl.offline=true")) {
      // when
      int exit = doctor.awaitExit();

      // then
      assertThat(exit).as(doctor.output()).isEqualTo(ExitCode.DEVICE.code());
      assertThat(line(doctor, "trainer.device"))
          .contains("PyTorch cannot load its native libraries", "ffline")
          .contains("let DJL fetch CUDA's over a network, once, into DJL_CACHE_DIR")
          .contains("set PYTORCH_LIBRARY_PATH to the folder of a libtorch 2.7.1");
      assertThat(line(doctor, "backbone.device")).contains("PyTorch cannot load");
    }
  }

  @Test
  void shouldComputeWithTheLibrariesThatItIsPointedAt() throws Exception {
    // given
    String libraries = EngineReport.of(BackboneEngine.PYTORCH).natives();

    try (Child doctor = doctor("-Dai.djl.offline=true", "-DPYTORCH_LIBRARY_PATH=" + libraries)) {
      // when
      int exit = doctor.awaitExit();

      // then
      assertThat(exit).as(doctor.output()).isZero();
      assertThat(line(doctor, "PyTorch")).contains("2.7.1, for CPU, " + libraries);
      assertThat(line(doctor, "trainer.device")).contains("auto is cpu: trains a head in");
      assertThat(line(doctor, "backbone.device")).contains("auto is cpu: loads bundled:small_res");
    }
  }

  @Test
  void shouldSayWhatAFolderMustHaveWhoseLibrariesDoNotLoad() throws Exception {
    // given
    Path libraries = Files.createDirectory(folder.resolve("libtorch"));
    Files.writeString(libraries.resolve(System.mapLibraryName("torch")), "no library");

    try (Child doctor = doctor("-Dai.djl.offline=true", "-DPYTORCH_LIBRARY_PATH=" + libraries)) {
      // when
      int exit = doctor.awaitExit();

      // then
      assertThat(exit).as(doctor.output()).isEqualTo(ExitCode.DEVICE.code());
      assertThat(line(doctor, "PyTorch")).contains("does not start");
      assertThat(line(doctor, "trainer.device"))
          .contains("UnsatisfiedLinkError", "names a folder, which must be a whole libtorch 2.7.1");
    }
  }

  @Test
  void shouldHaveDjlsPartForCuda() {
    assertThat(EngineLibraries.class.getResource("/jnilib/linux-x86_64/cu128/libdjl_torch.so"))
        .isNotNull();
  }

  private Child doctor(String... options) {
    List<String> java = new ArrayList<>(List.of(options));
    java.add("-DDJL_CACHE_DIR=" + folder.resolve("djl"));
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(jar -> !jar.contains("pytorch-native-cpu"))
            .collect(Collectors.joining(File.pathSeparator));
    return Child.start(folder, "doctor", java, classPath, Afina.class, List.of("doctor"));
  }

  private static String line(Child child, String name) {
    return child.output().lines().filter(line -> line.startsWith(name)).findFirst().orElse("");
  }
}
