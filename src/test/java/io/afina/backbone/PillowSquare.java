package io.afina.backbone;

import io.afina.Shared;
import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageIO;

/**
 * What Pillow made of a photograph by a rule.
 *
 * @param side in pixels
 * @param pixels {@code [side][side]}, each {@code 0xRRGGBB}
 */
public record PillowSquare(int side, int[][] pixels) {

  /** The square of a rule and a picture of {@code backbones/transforms}. */
  public static PillowSquare read(String rule, String picture) throws IOException {
    BufferedImage image =
        ImageIO.read(
            Shared.require("backbones/transforms/%s--%s.png".formatted(rule, picture)).toFile());
    int[][] pixels = new int[image.getHeight()][image.getWidth()];
    for (int y = 0; y < pixels.length; y++) {
      for (int x = 0; x < pixels.length; x++) {
        pixels[y][x] = image.getRGB(x, y) & 0xff_ffff;
      }
    }
    return new PillowSquare(pixels.length, pixels);
  }

  /** A colour of a pixel, 0 to 255: 0 is red, 2 is blue. */
  public int colour(int c, int x, int y) {
    return (pixels[y][x] >>> (16 - 8 * c)) & 0xff;
  }
}
