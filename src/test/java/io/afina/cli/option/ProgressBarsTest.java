package io.afina.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Child;
import java.nio.file.Path;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressBarsTest {

  @TempDir Path folder;

  @Test
  void shouldDrawNothingIntoAFile() throws Exception {
    try (Child child = Child.start(folder, "bar", List.of(), Drawing.class, List.of())) {
      assertThat(child.awaitExit()).isZero();
      assertThat(child.output()).isEqualTo("done\n");
    }
  }

  /** Its own streams are files. */
  static final class Drawing {

    private Drawing() {}

    public static void main(String[] arguments) {
      try (ProgressBar bar = ProgressBars.bar("publishing", 10)) {
        bar.stepTo(10);
      }
      System.out.print("done\n");
    }
  }
}
