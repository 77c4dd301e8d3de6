package io.afina.picture;

import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** BMP files of 16 x 12 pixels with the four quarters that tests write, and that no writer does. */
final class Bmps {

  static final int WIDTH = 16;
  static final int HEIGHT = 12;
  private static final int FILE = 14;
  private static final int VERSION_3 = 40;
  private static final int OS_2 = 64;
  private static final int COLOURS = 4;

  private Bmps() {}

  /** Runs, pixels one by one, what is passed over, and a row that ends too soon. */
  static byte[] runLengths4() {
    ByteArrayOutputStream codes = new ByteArrayOutputStream();
    for (int row = 0; row < HEIGHT; row++) {
      int left = row < HEIGHT / 2 ? 0x22 : 0;
      int right = row < HEIGHT / 2 ? 0x33 : 0x11;
      if (row == 2) {
        // Eight pixels one by one, as four bytes.
        codes.writeBytes(new byte[] {0, 8, (byte) left, (byte) left, (byte) left, (byte) left});
      } else {
        codes.writeBytes(new byte[] {5, (byte) left, 3, (byte) left});
      }
      if (row == HEIGHT - 2) {
        // Passes over four pixels.
        codes.writeBytes(new byte[] {0, 2, 4, 0, 4, (byte) right});
      } else {
        codes.writeBytes(new byte[] {(byte) (row == 3 ? 200 : 8), (byte) right});
      }
      codes.writeBytes(new byte[] {0, 0});
    }
    codes.writeBytes(new byte[] {0, 1});
    return bmp(VERSION_3, 4, 2, codes.toByteArray());
  }

  /** Runs of 8 bits, of which some name colours that the palette has not. */
  static byte[] runLengths8OfUnknownColours() {
    ByteArrayOutputStream codes = new ByteArrayOutputStream();
    for (int row = 0; row < HEIGHT; row++) {
      byte left = (byte) (row < HEIGHT / 2 ? 2 : 0);
      byte right = (byte) (row < HEIGHT / 2 ? 200 : 1);
      codes.writeBytes(new byte[] {8, left, 8, right, 0, 0});
    }
    codes.writeBytes(new byte[] {0, 1});
    return bmp(VERSION_3, 8, 1, codes.toByteArray());
  }

  /** With the header of OS/2 2. */
  static byte[] os2() {
    byte[] pixels = new byte[WIDTH * HEIGHT];
    for (int i = 0; i < pixels.length; i++) {
      int below = i / WIDTH < HEIGHT / 2 ? 2 : 0;
      pixels[i] = (byte) (below + (i % WIDTH < WIDTH / 2 ? 0 : 1));
    }
    return bmp(OS_2, 8, 0, pixels);
  }

  private static byte[] bmp(int header, int bits, int compression, byte[] pixels) {
    int start = FILE + header + 4 * COLOURS;
    ByteBuffer bmp = ByteBuffer.allocate(start + pixels.length).order(ByteOrder.LITTLE_ENDIAN);
    bmp.put(new byte[] {'B', 'M'}).putInt(bmp.capacity()).putInt(0).putInt(start);
    bmp.putInt(header).putInt(WIDTH).putInt(HEIGHT).putShort((short) 1).putShort((short) bits);
    bmp.putInt(compression).putInt(pixels.length).putLong(0).putInt(COLOURS).putInt(0);
    bmp.position(FILE + header);
    Arrays.stream(Drawn.QUARTERS).map(Color::getRGB).forEach(rgb -> bmp.putInt(rgb & 0xffffff));
    return bmp.put(pixels).array();
  }
}
