package io.afina.demo;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.RadialGradientPaint;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.random.RandomGenerator;

/** Composes a picture: a motif near the middle, scraps behind and before it, and light. */
final class Scene {

  private final RandomGenerator random;
  private final int width;
  private final int height;
  private final BufferedImage picture;
  private final Graphics2D canvas;

  private Scene(RandomGenerator random) {
    this.random = random;
    this.width = random.nextInt(240, 401);
    this.height = width * random.nextInt(70, 81) / 100;
    this.picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    this.canvas = picture.createGraphics();
    canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    canvas.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
  }

  static BufferedImage of(Motif motif, RandomGenerator random) {
    Scene scene = new Scene(random);
    Palette palette = Palette.random(random);
    scene.background(palette);
    scene.scraps(random.nextInt(4, 18), 0.6);
    scene.middle(motif, palette);
    scene.scraps(random.nextInt(3), 1);
    scene.light();
    scene.canvas.dispose();
    scene.grain();
    return scene.picture;
  }

  private void background(Palette palette) {
    int horizon = (int) (height * random.nextDouble(0.3, 1.1));
    Color above = palette.above();
    Color below = palette.below();
    canvas.setPaint(new GradientPaint(0, 0, above, 0, horizon, above.brighter()));
    canvas.fillRect(0, 0, width, horizon);
    canvas.setPaint(new GradientPaint(0, horizon, below, 0, height, below.darker()));
    canvas.fillRect(0, horizon, width, height);
  }

  private void scraps(int count, double opacity) {
    for (int i = 0; i < count; i++) {
      double size = height * random.nextDouble(0.04, 0.25);
      canvas.setComposite(AlphaComposite.SrcOver.derive((float) random.nextDouble(0.2, opacity)));
      double x = random.nextDouble(width);
      draw(Motif.SCRAP, Palette.random(random), x, random.nextDouble(height), size);
    }
    canvas.setComposite(AlphaComposite.SrcOver);
  }

  private void middle(Motif motif, Palette palette) {
    double size = height * random.nextDouble(0.68, 0.95);
    double slack = 0.08 * height;
    double x = width / 2.0 + random.nextDouble(-slack, slack);
    draw(motif, palette, x, height / 2.0 + random.nextDouble(-slack, slack), size);
  }

  private void draw(Motif motif, Palette palette, double x, double y, double size) {
    Graphics2D square = (Graphics2D) canvas.create();
    square.translate(x, y);
    square.rotate(random.nextDouble(-0.3, 0.3));
    square.scale(random.nextBoolean() ? size / 100 : -size / 100, size / 100);
    square.translate(-50, -50);
    motif.drawing().accept(new Pen(square, palette.dark(), random), palette);
    square.dispose();
  }

  /** Brighter or darker towards one side, and dark corners. */
  private void light() {
    int from = random.nextInt(width);
    int to = random.nextInt(width);
    int strongest = random.nextInt(110);
    Color side = new Color(random.nextBoolean() ? 0 : 0xffffff);
    wash(new GradientPaint(from, 0, fade(side, strongest), to, height, fade(side, 0)));
    Color[] towardsTheCorners = {fade(Color.BLACK, 0), fade(Color.BLACK, random.nextInt(120))};
    float[] stops = {0.4f, 1};
    wash(new RadialGradientPaint(width / 2f, height / 2f, 0.7f * width, stops, towardsTheCorners));
  }

  private void wash(Paint paint) {
    canvas.setPaint(paint);
    canvas.fillRect(0, 0, width, height);
  }

  private static Color fade(Color colour, int alpha) {
    return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), alpha);
  }

  private void grain() {
    double exposure = random.nextDouble(0.75, 1.2);
    double grain = random.nextDouble(1, 8);
    int[] pixels = picture.getRGB(0, 0, width, height, null, 0, width);
    for (int i = 0; i < pixels.length; i++) {
      double shift = grain * random.nextGaussian();
      int red = channel(exposure * (pixels[i] >> 16 & 0xff) + shift);
      int green = channel(exposure * (pixels[i] >> 8 & 0xff) + shift);
      int blue = channel(exposure * (pixels[i] & 0xff) + shift);
      pixels[i] = red << 16 | green << 8 | blue;
    }
    picture.setRGB(0, 0, width, height, pixels, 0, width);
  }

  private static int channel(double value) {
    return (int) Math.max(0, Math.min(255, value));
  }
}
