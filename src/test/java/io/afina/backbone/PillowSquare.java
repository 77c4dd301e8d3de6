package io.afina.backbone;

import io.afina.Shared;
import io.afina.picture.tensor.ResizeFilter;
import io.afina.picture.tensor.ResizeRule;
import io.afina.picture.tensor.ResizeRule.Mode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;

/**
 * What Pillow made of a photograph by a rule.
 *
 * @param side in pixels
 * @param pixels {@code [side][side]}, each {@code 0xRRGGBB}
 */
public record PillowSquare(int side, int[][] pixels) {

  public static final List<String> PICTURES =
      List.of("n01677366", "n02088094", "n02497673", "n03459775", "n03976657");

  public static final Map<String, ResizeRule> RULES =
      Map.of(
          "shorter-256-bilinear-crop-224",
          new ResizeRule(Mode.SHORTER_SIDE, 256, ResizeFilter.BILINEAR, 224, 0),
          "shorter-256-bicubic-crop-224",
          new ResizeRule(Mode.SHORTER_SIDE, 256, ResizeFilter.BICUBIC, 224, 0),
          "squash-256-bilinear",
          new ResizeRule(Mode.SQUASH, 256, ResizeFilter.BILINEAR, 256, 0),
          "squash-224-bicubic",
          new ResizeRule(Mode.SQUASH, 224, ResizeFilter.BICUBIC, 224, 0),
          "longest-224-bilinear-pad-0",
          new ResizeRule(Mode.LONGER_SIDE, 224, ResizeFilter.BILINEAR, 224, 0));

  /** The rule of a name. */
  public static ResizeRule rule(String name) {
    return Objects.requireNonNull(RULES.get(name), name);
  }

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
