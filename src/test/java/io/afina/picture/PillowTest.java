package io.afina.picture;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afina.config.ConfigLoader;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pictures on which decoders differ, as Pillow 12.3 sees them, with which most networks are
 * trained: turned upright by {@code ImageOps.exif_transpose}, laid on white, and resized to 4 x 4
 * by {@code BILINEAR}. {@code main} writes the pictures to a folder.
 */
class PillowTest {

  private static final int SIDE = 4;

  /**
   * Four rows of red, of green and of blue, two digits a number: the quarters, and those in grey.
   */
  private static final String QUARTERS =
      "ffff8000e3e3801c1c1c80e3000080ff000080ff000080ff"
          + "000080ff000080ff000000001c1c1c1ce3e3e3e3ffffffff";

  private static final String GREY =
      "000080ff000080ff000080ff000080ff000080ff000080ff"
          + "000080ff000080ff000080ff000080ff000080ff000080ff";

  private static final Set<String> GREYS =
      Set.of(
          "tiff-1",
          "tiff-1-white-is-zero",
          "tiff-16",
          "tiff-4",
          "tiff-8-white-is-zero",
          "tiff-fax-3",
          "tiff-fax-4");

  /** Those that are not as above, by their names. */
  private static final Map<String, String> OTHERS =
      Map.ofEntries(
          Map.entry(
              "bmp-run-lengths-4",
              "ffffb045e3e3801c1c1c80e3000080ff000050ba000080ff"
                  + "000080ff000080ff000000001c1c1c1ce3e3e3e3ffffffff"),
          Map.entry(
              "bmp-run-lengths-8-unknown-colours",
              "ffff8000e3e372001c1c0e0000000000000080ff000072e3"
                  + "00000e1c00000000000000001c1c0e00e3e37200ffff8000"),
          Map.entry(
              "gif-frame-in-a-corner",
              "ffeca69fffcd1100ffcd1100ffeca69f00135960002cd4e3"
                  + "00061a1c000000000000000000061a1c002cd4e300135960"),
          Map.entry(
              "gif-frame-in-a-corner-transparent",
              "fffffffffff9e5e3ffd32b1cffeca69ffffffffffff9e5e3"
                  + "ffd32b1cffeca69fffffffffffffffffffffffffffffffff"),
          Map.entry(
              "jpeg-xmp-8",
              "0020dfff0020dfff7f7f8080fede2000fffefefffffefeff"
                  + "80808080000101000121dfff0121dfff0221dbfa0020defe"),
          Map.entry(
              "png-xmp-3-compressed",
              "ffff8000e3e3801c1c1c80e3000080ffffff8000ffff8000"
                  + "ffff8000ffff8000ffffffffe3e3e3e31c1c1c1c00000000"),
          Map.entry(
              "png-xmp-6",
              "001ce3ff001ce3ff80808080ffe31c000000000000000000"
                  + "80808080ffffffffffe31c00ffe31c00ffe31c00ffe31c00"),
          Map.entry(
              "tiff-deflate-tiles",
              "ffff8000dfdf8020202080df000080ff000080ff000080ff"
                  + "000080ff000080ff0000000020202020dfdfdfdfffffffff"),
          Map.entry(
              "tiff-jpeg",
              "fefe7f00dede7f20202080df000080ff000080ff010180fe"
                  + "000080fe000080ff0000020120202121dededbdffefefaff"),
          Map.entry(
              "tiff-jpeg-tiles",
              "fefe7f00dede7f20202080df000080ff000080ff010180fe"
                  + "000080fe000080ff0000010120202121dededfdffefeffff"));

  private final PictureDecoder decoder =
      new PictureDecoder(ConfigLoader.defaults().load().pictures(), Inputs.plain(SIDE, SIDE));

  static Stream<Arguments> pictures() {
    return inputs().entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pictures")
  void shouldSeeWhatPillowSees(String name, byte[] picture) throws Exception {
    byte[] pillow =
        HexFormat.of().parseHex(OTHERS.getOrDefault(name, GREYS.contains(name) ? GREY : QUARTERS));

    float[] tensor = decoder.decode(picture, null);

    double sum = 0;
    for (int i = 0; i < pillow.length; i++) {
      sum += Math.abs(tensor[i] * 255 - (pillow[i] & 0xff));
    }
    assertThat(sum / pillow.length).as("mean difference of a number, 0 to 255").isLessThan(2);
  }

  /** Pillow takes all of such a grey picture for white, and in colours sees no transparent one. */
  @Test
  void shouldLayTheTransparentColourOfSixteenBitsOnWhite() throws Exception {
    for (int colours : new int[] {ColorSpace.CS_GRAY, ColorSpace.CS_sRGB}) {
      float[] tensor = decoder.decode(sixteenBits(colours), null);
      assertThat(tensor[0]).isEqualTo(1f);
      assertThat(tensor[3]).isCloseTo(0x30 / 255f, within(0.01f));
      assertThat(tensor[15]).isCloseTo(0xc0 / 255f, within(0.01f));
    }
  }

  static Map<String, byte[]> inputs() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    BufferedImage rgb = Drawn.quarters(16, 12, BufferedImage.TYPE_INT_RGB);
    byte[] png = Drawn.encoded(rgb, "png");
    byte[] jpeg = Drawn.jpeg(Drawn.quarters(64, 48, BufferedImage.TYPE_INT_RGB), false);
    all.put("bmp-run-lengths-4", Bmps.runLengths4());
    all.put("bmp-run-lengths-8-unknown-colours", Bmps.runLengths8OfUnknownColours());
    all.put("bmp-os2", Bmps.os2());
    all.put("png-xmp-6", Drawn.inserted(png, 33, xmpChunk(6, false)));
    all.put("png-xmp-3-compressed", Drawn.inserted(png, 33, xmpChunk(3, true)));
    all.put(
        "png-xmp-6-exif-1",
        Drawn.inserted(
            Drawn.inserted(png, 33, xmpChunk(6, false)), 33, Drawn.chunk("eXIf", exif(1))));
    all.put("jpeg-xmp-8", Drawn.inserted(jpeg, 2, xmpSegment(8)));
    all.put("gif-frame-in-a-corner", gif(-1));
    all.put("gif-frame-in-a-corner-transparent", gif(1));
    all.put("tiff-1", Tiffs.of(Tiffs.GREY, 16, 12, 1));
    all.put("tiff-1-white-is-zero", Tiffs.of(Tiffs.WHITE_IS_ZERO, 16, 12, 1));
    all.put("tiff-4", Tiffs.of(Tiffs.GREY, 16, 12, 4));
    all.put("tiff-8-white-is-zero", Tiffs.of(Tiffs.WHITE_IS_ZERO, 16, 12, 8));
    all.put("tiff-16", Tiffs.of(Tiffs.GREY, 16, 12, 16));
    all.put("tiff-rgb-8", Tiffs.of(Tiffs.RGB, 16, 12, 8));
    all.put("tiff-rgb-8-planes", Tiffs.of(Tiffs.RGB, 16, 12, 8, true));
    all.put("tiff-rgb-16", Tiffs.of(Tiffs.RGB, 16, 12, 16));
    all.put("tiff-palette-4", Tiffs.of(Tiffs.PALETTE, 16, 12, 4));
    all.put("tiff-palette-8", Tiffs.of(Tiffs.PALETTE, 16, 12, 8));
    all.put("tiff-cmyk-8", Tiffs.of(Tiffs.CMYK, 16, 12, 8));
    all.put("tiff-cmyk-8-planes", Tiffs.of(Tiffs.CMYK, 16, 12, 8, true));
    all.put("tiff-lzw", Tiffs.encoded(rgb, "LZW"));
    all.put("tiff-deflate-tiles", Tiffs.encoded(Drawn.quarters(64, 48, 1), "Deflate", 16));
    all.put("tiff-packbits", Tiffs.encoded(rgb, "PackBits"));
    all.put("tiff-jpeg", Tiffs.encoded(Drawn.quarters(64, 48, 1), "JPEG"));
    all.put("tiff-jpeg-tiles", Tiffs.encoded(Drawn.quarters(64, 48, 1), "JPEG", 16));
    BufferedImage bilevel = Drawn.quarters(16, 12, BufferedImage.TYPE_BYTE_BINARY);
    all.put("tiff-fax-3", Tiffs.encoded(bilevel, "CCITT T.4"));
    all.put("tiff-fax-4", Tiffs.encoded(bilevel, "CCITT T.6"));
    all.put("jp2", Jpeg2000s.encoded(rgb));
    return all;
  }

  /** Transparent to the left, and almost of that colour above to the right. */
  private static byte[] sixteenBits(int colours) {
    BufferedImage image = Drawn.component(16, colours, false, DataBuffer.TYPE_USHORT);
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 16; x++) {
        int sample = x < 8 ? 0x3039 : y < 8 ? 0x303a : 0xc000;
        image.getRaster().setPixel(x, y, new int[] {sample, sample, sample});
      }
    }
    byte[] transparent = new byte[2 * image.getRaster().getNumBands()];
    for (int i = 0; i < transparent.length; i += 2) {
      ByteBuffer.wrap(transparent).putShort(i, (short) 0x3039);
    }
    return Drawn.inserted(Drawn.encoded(image, "png"), 33, Drawn.chunk("tRNS", transparent));
  }

  private static byte[] xmpChunk(int orientation, boolean compressed) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes("XML:com.adobe.xmp\0".getBytes(US_ASCII));
    text.writeBytes(new byte[] {(byte) (compressed ? 1 : 0), 0, 0, 0});
    byte[] packet = packet(orientation);
    text.writeBytes(compressed ? deflated(packet) : packet);
    return Drawn.chunk("iTXt", text.toByteArray());
  }

  private static byte[] packet(int orientation) {
    return ("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:Description tiff:Orientation=\""
            + orientation
            + "\"/></x:xmpmeta>")
        .getBytes(US_ASCII);
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater();
    deflater.setInput(bytes);
    deflater.finish();
    byte[] out = new byte[bytes.length + 100];
    int length = deflater.deflate(out);
    deflater.end();
    return Arrays.copyOf(out, length);
  }

  private static byte[] exif(int orientation) {
    ByteBuffer exif = ByteBuffer.allocate(26).put(new byte[] {'M', 'M', 0, 42}).putInt(8);
    exif.putShort((short) 1).putShort((short) 0x0112).putShort((short) 3).putInt(1);
    return exif.putShort((short) orientation).putShort((short) 0).putInt(0).array();
  }

  private static byte[] xmpSegment(int orientation) {
    byte[] name = "http://ns.adobe.com/xap/1.0/\0".getBytes(US_ASCII);
    byte[] packet = packet(orientation);
    return ByteBuffer.allocate(4 + name.length + packet.length)
        .putShort((short) 0xffe1)
        .putShort((short) (2 + name.length + packet.length))
        .put(name)
        .put(packet)
        .array();
  }

  /** A frame of 8 x 8 pixels at 6, 2 on a screen of 16 x 12, a half of it transparent or not. */
  private static byte[] gif(int transparent) {
    byte[] red = {(byte) 255, 0, 0, (byte) 255};
    byte[] green = {0, (byte) 255, 0, (byte) 255};
    byte[] blue = {0, 0, (byte) 255, (byte) 255};
    IndexColorModel colours = new IndexColorModel(2, 4, red, green, blue, transparent);
    BufferedImage frame = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_BINARY, colours);
    for (int i = 0; i < 64; i++) {
      frame.getRaster().setSample(i % 8, i / 8, 0, i < 32 ? 1 : 2);
    }
    byte[] gif = Drawn.encoded(frame, "gif");
    ByteBuffer file = ByteBuffer.wrap(gif).order(ByteOrder.LITTLE_ENDIAN);
    int at = Drawn.indexOf(gif, ',', 0, 0, 0, 0, 8, 0, 8, 0);
    file.putShort(at + 1, (short) 6).putShort(at + 3, (short) 2);
    return file.putShort(6, (short) 16).putShort(8, (short) 12).array();
  }

  /** Writes them to a folder, for Pillow to read. */
  public static void main(String[] folder) throws IOException {
    for (Map.Entry<String, byte[]> each : inputs().entrySet()) {
      Files.write(Path.of(folder[0], each.getKey()), each.getValue());
    }
  }
}
