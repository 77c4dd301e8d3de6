package io.afina.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.leptonica.PIX;
import org.bytedeco.leptonica.global.leptonica;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class NativeJpegWarningsTest {

  @TempDir Path folder;

  @Test
  void shouldKeepTheWarningsOfLibjpegFromTheErrorStream() throws Exception {
    // given: bytes after the pixels, of which libjpeg warns
    byte[] good = Drawn.encoded(Drawn.noise(), "jpeg");
    byte[] odd = Drawn.inserted(good, good.length - 2, new byte[100]);
    Path file = Files.write(folder.resolve("odd.jpeg"), odd);

    // when
    String loud = output("loud", file);
    String silent = output("silent", file);

    // then
    assertThat(loud).contains("Corrupt JPEG data").endsWith("Java's own line\n");
    assertThat(silent).isEqualTo("Java's own line\n");
  }

  private String output(String how, Path file) throws InterruptedException {
    List<String> arguments = List.of(how, file.toString());
    try (Child child = Child.start(folder, how, List.of(), Decoding.class, arguments)) {
      assertThat(child.awaitExit()).isZero();
      return child.output();
    }
  }

  /** Decodes a file with the library alone, after it was told to be silent or not. */
  static final class Decoding {

    private Decoding() {}

    public static void main(String[] arguments) throws Exception {
      if (arguments[0].equals("silent")) {
        NativeJpegDecoder.isThere();
      }
      PIX pix = leptonica.pixRead(arguments[1]);
      leptonica.pixDestroy(pix);
      System.err.print("Java's own line\n");
    }
  }
}
