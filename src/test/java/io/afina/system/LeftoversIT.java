package io.afina.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What processes leave among the system's temporary files. */
class LeftoversIT {

  /**
   * 128 and the number of SIGTERM: Ctrl-C does the same, but whoever is in the background may
   * ignore it.
   */
  private static final int TERMINATED = 143;

  /** Bundled backbones that were unpacked: every later process of the user takes them. */
  private static final String KEPT = "afina-" + System.getProperty("user.name");

  @TempDir Path folder;

  @Test
  void shouldLeaveNothingBehindWhenStoppedAndTakeAwayWhatAKilledOneLeft() throws Exception {
    // given
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Map<String, String> there = Map.of("AFINA_OPTS", "-Djava.io.tmpdir=" + temporary);
    try (Child killed = Child.start(folder, there, "demo").awaitOutput("streaming")) {
      killed.kill();
    }
    List<String> left = in(temporary);
    assertThat(left).hasSize(2).contains(KEPT);
    String broker = left.stream().filter(name -> !name.equals(KEPT)).findFirst().orElseThrow();
    assertThat(broker).startsWith("afina-broker-");

    try (Child demo = Child.start(folder, there, "demo").awaitOutput("streaming")) {
      assertThat(in(temporary)).hasSize(2).doesNotContain(broker);

      // when
      demo.signal("TERM");

      // then
      assertThat(demo.awaitExit()).as(demo::output).isEqualTo(TERMINATED);
      assertThat(in(temporary)).containsExactly(KEPT);
      assertThat(demo.output()).doesNotContain("\tat ").doesNotContain("afina: ");
    }
  }

  private static List<String> in(Path temporary) throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
