package io.afina.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {

  @TempDir Path folder;

  @Test
  void shouldTakeAFolderThatIsNewAndFindItAgain() {
    // when
    Path state = folder.resolve("a/state");
    StateFolder.claim(state, "cluster-a");
    StateFolder.claim(state, "cluster-a");

    // then
    assertThat(state).isDirectoryContaining("glob:**/afina-state.json");
    assertThat(state.toFile().list()).hasSize(1);
  }

  @Test
  void shouldNotTakeTheFolderOfAnotherCluster() throws IOException {
    // given
    StateFolder.claim(folder, "cluster-a");
    Path store = Files.writeString(folder.resolve("store"), "of a");

    // then
    assertRefused(() -> StateFolder.claim(folder, "cluster-b"), "belongs to the cluster cluster-a");
    assertThat(store).hasContent("of a");
    StateFolder.claim(folder, "cluster-a");
  }

  @Test
  void shouldNotTakeTheFolderOfAnotherVersion() throws IOException {
    // given
    Files.writeString(
        folder.resolve("afina-state.json"), "{\"cluster\": \"cluster-a\", \"layout\": 99}");

    // then
    assertRefused(() -> StateFolder.claim(folder, "cluster-a"), "has layout 99");
  }

  @Test
  void shouldSayThatTheMarkCannotBeRead() throws IOException {
    // given
    Files.writeString(folder.resolve("afina-state.json"), "half a");

    // then
    assertRefused(() -> StateFolder.claim(folder, "cluster-a"), "afina-state.json");
  }

  @Test
  void shouldSayWhatTheDiskSaidAndNotWhichStoreAsked() {
    // given
    Exception store =
        new ProcessorStateException(
            "Error opening store joined", new IOException("No space left on device"));

    // then
    assertRefused(
        () -> {
          throw StateFolder.unwritable(folder, store);
        },
        folder + " cannot be written (java.io.IOException: No space left on device): make room");
  }

  @Test
  void shouldSayThatTheFolderIsNone() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertRefused(() -> StateFolder.requireRoom(file), "file cannot be written");
  }

  /** A tmpfs of 64 KB, for which one must be root: CI is. */
  @Test
  void shouldSayThatTheDiskIsFull() throws Exception {
    // given
    assumeTrue(mount("-t", "tmpfs", "-o", "size=64k", "afina-test", folder.toString()), "no root");

    // then
    try {
      assertRefused(() -> StateFolder.claim(folder, "cluster-a"), "No space left on device");
      assertThat(folder).isEmptyDirectory();
    } finally {
      assertThat(new ProcessBuilder("umount", folder.toString()).start().waitFor()).isZero();
    }
  }

  private static boolean mount(String... arguments) throws InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = "mount";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static void assertRefused(ThrowingCallable claim, String why) {
    assertThatThrownBy(claim)
        .isInstanceOfSatisfying(
            AfinaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.STATE))
        .hasMessageContaining(why)
        .message()
        .doesNotContain("\n");
  }
}
