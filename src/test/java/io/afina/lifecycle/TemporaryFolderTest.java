package io.afina.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFolderTest {

  private static final String LOCK = ".afina.lock";

  @TempDir Path parent;

  @Test
  void shouldDeleteWhatAKilledProcessLeftAndNothingElse() throws Exception {
    try (TemporaryFolder used = new TemporaryFolder(parent, "kind-")) {
      // given
      age(used.path());
      Path abandoned = age(folder("kind-1"));
      Path young = folder("kind-2");
      Path other = age(folder("other-1"));
      Path foreign = Files.createDirectory(parent.resolve("kind-of-others"));

      // when
      new TemporaryFolder(parent, "kind-").close();

      // then
      assertThat(abandoned).doesNotExist();
      assertThat(used.path()).exists();
      assertThat(young).exists();
      assertThat(other).exists();
      assertThat(foreign).exists();
    }
  }

  @Test
  void shouldDeleteItsContentWhenClosed() throws Exception {
    TemporaryFolder folder = new TemporaryFolder(parent, "kind-");
    Files.writeString(Files.createDirectory(folder.path().resolve("sub")).resolve("file"), "text");

    folder.close();

    assertThat(parent).isEmptyDirectory();
  }

  private Path folder(String name) throws IOException {
    Path made = Files.createDirectory(parent.resolve(name));
    Files.createFile(made.resolve(LOCK));
    Files.writeString(Files.createDirectory(made.resolve("sub")).resolve("file"), "text");
    return made;
  }

  private static Path age(Path folder) throws IOException {
    Instant then = Instant.now().minus(Duration.ofMinutes(1));
    Files.setLastModifiedTime(folder.resolve(LOCK), FileTime.from(then));
    return folder;
  }
}
