package io.afina.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.cli.PictureFiles.IdFrom;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFilesTest {

  @TempDir private Path folder;

  @BeforeEach
  void writeFiles() throws IOException {
    for (String file :
        List.of("ant/1.jpg", "bee/1.jpg", "bee/old/2.jpg", ".DS_Store", ".git/3.jpg")) {
      Files.createDirectories(folder.resolve(file).getParent());
      Files.writeString(folder.resolve(file), "of " + file.replace("bee/1", "ant/1"));
    }
  }

  @Test
  void shouldNameFilesByTheirPathInTheFolderThatWasGiven() {
    assertThat(paths("").find(List.of(folder)))
        .containsOnlyKeys("ant/1.jpg", "bee/1.jpg", "bee/old/2.jpg");
    assertThat(paths("").find(List.of(folder.resolve("bee"), folder.resolve("bee/old/2.jpg"))))
        .containsOnlyKeys("1.jpg", "old/2.jpg", "2.jpg");
    assertThat(paths("shop/").find(List.of(folder.resolve("ant")))).containsOnlyKeys("shop/1.jpg");
    assertThat(paths("").find(List.of(folder.resolve(".DS_Store")))).containsOnlyKeys(".DS_Store");
  }

  @Test
  void shouldRefuseTwoFilesOfOneId() {
    assertThatThrownBy(() -> paths("").find(List.of(folder.resolve("ant"), folder.resolve("bee"))))
        .isInstanceOfSatisfying(
            AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContainingAll("ant/1.jpg and ", "bee/1.jpg", "image id 1.jpg", "--id-prefix");
    assertThatThrownBy(() -> new PictureFiles(IdFrom.NAME, "x-").find(List.of(folder)))
        .hasMessageContainingAll("image id x-1.jpg", "--id-from path or sha256");
  }

  @Test
  void shouldSendFilesOfOneContentOnceWhenThatIsTheirId() {
    assertThat(new PictureFiles(IdFrom.SHA256, "").find(List.of(folder)))
        .hasSize(2)
        .containsValues(folder.resolve("ant/1.jpg"), folder.resolve("bee/old/2.jpg"))
        .allSatisfy((id, file) -> assertThat(id).matches("[0-9a-f]{64}"));
  }

  @Test
  void shouldSayWhichPathCannotBeRead() {
    assertThatThrownBy(() -> paths("").find(List.of(folder.resolve("none"))))
        .isInstanceOfSatisfying(
            AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_FOUND))
        .hasMessageContaining("none");
  }

  private static PictureFiles paths(String prefix) {
    return new PictureFiles(IdFrom.PATH, prefix);
  }
}
