package io.afina.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.afina.config.ConfigLoader;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.UnusableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures that are cut short, changed at random, or nothing behind their first bytes. */
class DamagedPictureTest {

  private final PictureDecoder decoder =
      new PictureDecoder(ConfigLoader.defaults().load().pictures(), Inputs.plain(32, 32));
  private final Refusals refusals = new Refusals(decoder);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldRefuseAJpegThatIsCutShort(boolean progressive) {
    byte[] jpeg = Drawn.jpeg(Drawn.noise(), progressive);
    for (int percent = 1; percent < 100; percent += 7) {
      refusals.assertRefused(
          Arrays.copyOf(jpeg, jpeg.length * percent / 100), null, Reason.BROKEN_PICTURE);
    }
  }

  @Test
  void shouldAcceptAJpegThatLacksOnlyItsEndMarker() throws Exception {
    byte[] jpeg = Drawn.jpeg(Drawn.noise(), false);
    assertThat(decoder.decode(Arrays.copyOf(jpeg, jpeg.length - 2), null))
        .isEqualTo(decoder.decode(jpeg, null));
  }

  /** Found by fuzzing: these 103 bytes kept the decoder reading zeros for 70 seconds. */
  @Test
  void shouldRefuseAWebpThatIsReadOnAndOnBehindItsEnd() {
    byte[] webp =
        HexFormat.of()
            .parseHex(
                "524946463a000000574542505650384c2d0000002f3fc00f001f201048de1f3a8df9171014fc2b2b"
                    + "2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2a2b2b2b2b1fddfc4764"
                    + "0f804880c4939ef4a48901b488fe4fc0b0e85bf0e81b00");
    assertThatThrownBy(() -> decoder.decode(webp, null))
        .isInstanceOf(UnusableRecordException.class)
        .hasMessageContaining("behind its end");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "gif", "bmp"})
  void shouldRefuseOtherPicturesThatAreCutShort(String format) {
    byte[] picture = Drawn.encoded(Drawn.noise(), format);
    for (int percent = 1; percent < 100; percent += 7) {
      refusals.assertRefused(
          Arrays.copyOf(picture, Math.max(6, picture.length * percent / 100)),
          null,
          Reason.BROKEN_PICTURE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"quadrants-lossless.webp", "quadrants-lossy.webp"})
  void shouldRefuseAWebpThatIsCutShort(String fixture) {
    byte[] webp = Drawn.fixture(fixture);
    for (int length = 12; length < webp.length - 8; length += 3) {
      refusals.assertRefused(Arrays.copyOf(webp, length), null, Reason.BROKEN_PICTURE);
    }
  }

  @Test
  void shouldNeverThrowAnythingElseOnDamagedPictures() {
    PictureDecoder small =
        new PictureDecoder(
            ConfigLoader.defaults().set("pictures.maxPixels", 1_000_000).load().pictures(),
            Inputs.plain(32, 32));
    Random random = new Random(17);
    for (byte[] picture : PictureDecoderTest.encodings().toList()) {
      for (int round = 0; round < 150; round++) {
        byte[] damaged = picture.clone();
        for (int i = 0; i <= round % 8; i++) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        Throwable thrown = catchThrowable(() -> small.decode(damaged, null));
        if (thrown != null) {
          assertThat(thrown).isInstanceOf(UnusableRecordException.class);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u00ff\u00d8\u00ff",
        "\u0089PNG\r\n\u001a\n",
        "GIF89a",
        "BM",
        "RIFF\0\0\0\0WEBP",
        "II*\0",
        "II*\0\b\0\0\0\u0005\0",
        "MM\0*",
        "\0\0\0\fjP  \r\n\u0087\n",
        "\u00ffO\u00ffQ"
      })
  void shouldRefuseRandomBytesBehindAMagicNumber(String magic) {
    Random random = new Random(17);
    for (int round = 0; round < 300; round++) {
      byte[] noise = new byte[random.nextInt(400)];
      random.nextBytes(noise);
      byte[] picture = Drawn.inserted(noise, 0, magic.getBytes(StandardCharsets.ISO_8859_1));
      assertThatThrownBy(() -> decoder.decode(picture, null))
          .isInstanceOf(UnusableRecordException.class);
    }
  }
}
