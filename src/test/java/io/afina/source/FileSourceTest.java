package io.afina.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.DeadLetter.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSourceTest {

  @TempDir private Path folder;
  private Path pictures;
  private Path secret;

  @BeforeEach
  void write() throws IOException {
    pictures = Files.createDirectory(folder.resolve("pictures"));
    secret = Files.writeString(folder.resolve("secret"), "secret");
  }

  @Test
  void shouldReadFilesBelowAFolder() throws Exception {
    // given
    Path file = Files.writeString(pictures.resolve("ä + b.jpg"), "a picture");
    Path link = Files.createSymbolicLink(pictures.resolve("link.jpg"), file);
    try (Door door = Door.to(pictures.toUri().toString())) {
      // then
      assertThat(door.read(file.toUri().toASCIIString())).isEqualTo(Door.bytes("a picture"));
      assertThat(door.read(link.toUri().toString())).isEqualTo(Door.bytes("a picture"));
    }
  }

  @Test
  void shouldNotBeLedOutOfIt() throws Exception {
    // given
    Path link = Files.createSymbolicLink(pictures.resolve("link.jpg"), secret);
    Path away = Files.createSymbolicLink(pictures.resolve("away"), folder);
    try (Door door = Door.to(pictures.toUri().toString())) {
      // then
      assertThat(door.refused(secret.toUri().toString()).reason()).isEqualTo(Reason.FORBIDDEN);
      assertThat(door.refused(link.toUri().toString()).reason()).isEqualTo(Reason.FORBIDDEN);
      assertThat(door.refused(away.resolve("secret").toUri().toString()).reason())
          .isEqualTo(Reason.FORBIDDEN);
    }
  }

  @Test
  void shouldSayWhatIsNoFile() throws Exception {
    // given
    Path large = Files.write(pictures.resolve("large"), new byte[Door.MAX_BYTES + 1]);
    try (Door door = Door.to(pictures.toUri().toString())) {
      // then
      assertThat(door.refused(pictures.resolve("none").toUri().toString()).reason())
          .isEqualTo(Reason.NOT_FOUND);
      assertThat(door.refused(pictures.toUri().toString()).reason())
          .isEqualTo(Reason.BAD_REFERENCE);
      assertThat(door.refused(large.toUri().toString()).reason()).isEqualTo(Reason.TOO_MANY_BYTES);
    }
  }
}
